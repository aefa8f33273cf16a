"""From a checkout to a release in the inventory: everything that a build step asks for, in the CLI's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from slipway.perform import sequence, state, steps
from slipway.perform.faults import StageFailedError
from slipway.perform.git_program import Origin
from slipway.perform.sequence import Given
from slipway.perform.state import Deployment, Place, States
from slipway.perform.unit import Toolbox, Unit
from slipway.perform.values import shown
from slipway.plan import parse, release_json
from slipway.plan.archive import ArchiveError, inner_file
from slipway.plan.compile import Workshop, compile_plan, package
from slipway.plan.defects import Defect, PlanError
from slipway.plan.files import sha256
from slipway.plan.parse import Plan
from slipway.plan.ports import AlreadyReleasedError, MissingReleaseError
from slipway.plan.release import Release, Revision, Value
from slipway_formats.build_step import BuildStep, is_due
from slipway_formats.release import Scope

_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where work is kept account of: an environment of the State Service, and who is said to work. clock: aware UTC."""

    place: Place
    states: States
    clock: Callable[[], datetime]
    user: str = ""

    def load(self) -> state.Environment:
        """The environment as it is now. Faults: StatesError."""
        return state.load(self.place, self.states, self.clock, self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A repository's working tree. revision: the commit that is checked out, as it was before any program of the job.

    origin: where its tags go.
    """

    folder: Path
    revision: Revision = field(default_factory=Revision)
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a step made. skipped: why nothing was done, else blank. pushed: whether the inventory has it now by us."""

    release_id: str
    revision: Revision
    outputs: Mapping[str, str]
    skipped: str = ""
    pushed: bool = False
    package: Path | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    step: BuildStep
    plan: Plan
    workshop: Workshop
    checkout: Checkout
    bench: Toolbox

    def unit(self, release: Release, deployment: Deployment, scope: Scope) -> Unit:
        return Unit(release=release, folder=self.workshop.folder, deployment=deployment, scope=scope)

    def tag(self, name: str) -> None:
        if self.checkout.origin is None:
            raise StageFailedError(f"{name} cannot be tagged: the folder has no origin")
        self.checkout.origin.tag(name)

    def given(self) -> Given:
        return Given(inputs=cast("Mapping[str, Value]", self.step.variables), providers=self.step.providers)


def release(
    wanted: tuple[BuildStep, ...] | None,
    checkout: Checkout,
    site: Site,
    bench: Toolbox,
    *,
    changed_files: tuple[str, ...] | None = None,
) -> tuple[BuildResult, ...]:
    """Perform the steps one by one. wanted: None takes them from the repository's `escapekit.yml`.

    Steps that the changed files do not ask for are left out. Faults: as perform_build_step.
    """
    if wanted is None:
        wanted = steps.read_file(inner_file(checkout.folder, steps.STEPS_FILE).read_text(encoding="utf-8"))
    due = [step for step in wanted if is_due(step, changed_files)]
    for step in wanted:
        if step not in due:
            bench.log.note(f"{step.plan_location}: no changed file asks for it")
    return tuple(perform_build_step(step, checkout, site, bench) for step in due)


def perform_build_step(step: BuildStep, checkout: Checkout, site: Site, bench: Toolbox) -> BuildResult:
    """Build, test, deploy, smoke, take down, package, push and tag, as far as the step asks for it.

    Faults: PlanError, InventoryError, StatesError, and those of faults.
    """
    work = _prepared(step, checkout, bench)
    compiled = compile_plan(work.plan, work.workshop)
    bench.log.note(f"releasing {compiled.id}")
    if step.skip_if_exists and _exists(compiled, bench):
        why = f"{compiled.id} exists already"
        bench.log.note(why)
        return BuildResult(release_id=compiled.id, revision=compiled.revision, outputs={}, skipped=why)
    work = _pinned(work, compiled)
    deployment = site.load().deployment(compiled.unit, compiled.unit)
    compiled, outputs = _live(compiled, deployment, work)
    return _published(compiled, outputs, deployment, work)


def _prepared(step: BuildStep, checkout: Checkout, bench: Toolbox) -> _Work:
    try:
        file = inner_file(checkout.folder, step.plan_location)
    except ArchiveError as error:
        raise PlanError((Defect(file=step.plan_location, path="", message="no such file"),)) from error
    plan = parse.parse(file.read_text(encoding="utf-8", errors="replace"), step.plan_location)
    if step.override_namespace:
        plan = replace(plan, project=step.override_namespace)
    workshop = Workshop(folder=file.parent, fetcher=bench.fetcher, fat=step.fat_package, revision=checkout.revision)
    return _Work(step=step, plan=plan, workshop=workshop, checkout=checkout, bench=bench)


def _pinned(work: _Work, compiled: Release) -> _Work:
    # What the plan is compiled to again, after the build, depends on what was deployed for it, whatever came out since.
    ids = {known.deployment_name: known.release_id for known in compiled.depends}
    depends = tuple(replace(known, release_id=ids[known.deployment_name]) for known in work.plan.depends)
    plan = replace(work.plan, depends=depends, extends=compiled.extends)
    workshop = replace(work.workshop, version=compiled.version, revision=compiled.revision)
    return replace(work, plan=plan, workshop=workshop)


def _exists(compiled: Release, bench: Toolbox) -> bool:
    try:
        bench.fetcher.inventory.release(compiled.project, compiled.name, f"v{compiled.version}")
    except MissingReleaseError:
        return False
    return True


def _live(compiled: Release, deployment: Deployment, work: _Work) -> tuple[Release, dict[str, str]]:
    step, bench = work.step, work.bench
    built = work.unit(compiled, deployment, Scope.BUILD)
    if step.run_build:
        sequence.bring_up(built, work.given(), bench)
        built = replace(built, release=compile_plan(work.plan, work.workshop))
    if step.run_tests:
        sequence.check(built, bench)
    outputs = _outputs_of(deployment, Scope.BUILD)
    if step.run_destroy and step.run_destroy_build:
        sequence.destroy(built, work.given(), bench)
    deployed = replace(built, scope=Scope.DEPLOY)
    if step.run_deploy:
        sequence.bring_up(deployed, work.given(), bench)
    if step.run_deploy and step.run_tests and step.run_smoke:
        sequence.check(deployed, bench)
    outputs = _outputs_of(deployment, Scope.DEPLOY) if step.run_deploy else outputs
    if step.run_destroy and step.run_destroy_deploy:
        sequence.destroy(deployed, work.given(), bench)
    return built.release, outputs


def _outputs_of(deployment: Deployment, scope: Scope) -> dict[str, str]:
    return {key: shown(value) for key, value in deployment.stage(scope).calculated_outputs.items()}


def _published(compiled: Release, outputs: Mapping[str, str], deployment: Deployment, work: _Work) -> BuildResult:
    for _ in range(_MAX_ATTEMPTS):
        target = _packaged(compiled, work)
        try:
            pushed = _pushed(compiled, target, work)
        except AlreadyReleasedError:
            compiled = _with_next_version(compiled, deployment, work)
            continue
        if work.step.cache_release and pushed:
            work.bench.fetcher.keep(target)
        if work.step.tag_git:
            work.tag(compiled.id)
        return BuildResult(
            release_id=compiled.id, revision=compiled.revision, outputs=outputs, pushed=pushed, package=target,
            sha256=sha256(target),
        )  # fmt: skip
    raise StageFailedError(f"{compiled.unit}: others took {_MAX_ATTEMPTS} versions before us")


def _packaged(compiled: Release, work: _Work) -> Path:
    target = work.workshop.folder / ".escape" / "target" / f"{compiled.package_name}.tgz"
    if target.exists() and not work.step.force_overwrite:
        raise StageFailedError(f"{target.name} is there already, and the step does not force it")
    target.parent.mkdir(parents=True, exist_ok=True)
    package(compiled, work.workshop.folder, target)
    return target


def _pushed(compiled: Release, target: Path, work: _Work) -> bool:
    if not work.step.push_release:
        return False
    inventory = work.bench.fetcher.inventory
    inventory.register(compiled.project, release_json.to_dict(compiled))
    inventory.upload(compiled.project, compiled.name, compiled.version, target)
    work.bench.log.note(f"pushed {compiled.id}")
    return True


def _with_next_version(compiled: Release, deployment: Deployment, work: _Work) -> Release:
    # Numbers are not reserved: another build may have registered ours since we asked. With a plan's own number that is
    # its author's business; with an automatic one we take the next.
    again = compile_plan(work.plan, replace(work.workshop, version=None))
    if again.version == compiled.version:
        raise StageFailedError(f"{compiled.id} exists already")
    work.bench.log.note(f"{compiled.id} was taken meanwhile: this is {again.id}")
    mine = [stage for stage in deployment.stages.values() if stage.version == compiled.version]
    for stage in mine:
        stage.version = again.version
    if mine:
        deployment.save()
    return again
