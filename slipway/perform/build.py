"""Build a release from a checkout and push it to the inventory, as a build step says, in the CLI's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from slipway.perform import sequence, state, steps
from slipway.perform.earlier import Attempt, Wanted, find_earlier
from slipway.perform.faults import StageFailedError
from slipway.perform.git_program import Origin
from slipway.perform.sequence import Given
from slipway.perform.state import Deployment, Place, States
from slipway.perform.unit import Toolbox, Unit
from slipway.perform.values import shown
from slipway.plan import parse, release_json
from slipway.plan.archive import inner_file, place_of
from slipway.plan.compile import Workshop, compile_plan, package
from slipway.plan.defects import Defect, PlanError
from slipway.plan.files import sha256
from slipway.plan.parse import Plan
from slipway.plan.ports import AlreadyReleasedError, MadeRelease, MissingReleaseError
from slipway.plan.release import Release, Revision, Value
from slipway_formats.archive import ArchiveError
from slipway_formats.build_step import BuildStep, due_places
from slipway_formats.release import Scope

_MAX_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where state is recorded: an environment of the State Service, and the user to record. clock: aware UTC.

    attempt: at building it.
    """

    place: Place
    states: States
    clock: Callable[[], datetime]
    user: str = ""
    attempt: Attempt = field(default_factory=Attempt)

    def load(self) -> state.Environment:
        """Return the current environment. Faults: StatesError."""
        return state.load(self.place, self.states, self.clock, self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A repository's working tree. revision: the checked-out commit, from before any program of the job ran.

    origin: where its tags are pushed.
    """

    folder: Path
    revision: Revision = field(default_factory=Revision)
    origin: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """Result of a step. skipped: why nothing was done, otherwise blank. pushed: we pushed it to the inventory."""

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
    toolbox: Toolbox
    begun: MadeRelease | None = None

    @property
    def origin(self) -> Origin | None:
        """Where the release is to be tagged. Faults: StageFailedError if that is nowhere."""
        if not self.step.tag_git:
            return None
        if self.checkout.origin is None:
            raise StageFailedError("the release cannot be tagged: the folder has no origin")
        return self.checkout.origin

    def unit(self, release: Release, deployment: Deployment, scope: Scope) -> Unit:
        return Unit(release=release, folder=self.workshop.folder, deployment=deployment, scope=scope)

    def check_tag(self, name: str) -> None:
        if self.origin is not None:
            self.origin.check_tag(name)

    def tag(self, name: str) -> None:
        if self.origin is not None:
            self.origin.tag(name)

    def given(self) -> Given:
        return Given(inputs=cast("Mapping[str, Value]", self.step.variables), providers=self.step.providers)


def release(
    wanted: tuple[BuildStep, ...] | None,
    checkout: Checkout,
    site: Site,
    toolbox: Toolbox,
    *,
    changed_files: tuple[str, ...] | None = None,
) -> tuple[BuildResult, ...]:
    """Perform the steps one by one. wanted: None reads them from the repository's `escapekit.yml`.

    Steps that no changed file concerns are left out. Faults: as perform_build_step.
    """
    if wanted is None:
        wanted = steps.read_file(inner_file(checkout.folder, steps.STEPS_FILE).read_text(encoding="utf-8"))
    due = [wanted[place] for place in due_places(wanted, changed_files)]
    for step in wanted:
        if step not in due:
            toolbox.log.note(f"{step.plan_location}: no changed file asks for it")
    if len({(step.plan_location, step.override_namespace) for step in due}) < len(due):
        # Of two steps of one plan, nobody could say which had pushed a release.
        site = replace(site, attempt=Attempt())
    return tuple(perform_build_step(step, checkout, site, toolbox) for step in due)


def perform_build_step(step: BuildStep, checkout: Checkout, site: Site, toolbox: Toolbox) -> BuildResult:
    """Build, test, deploy, smoke test, destroy, package, push and tag, as the step says.

    Faults: PlanError, InventoryError, StatesError, and those of faults.
    """
    work = _prepared(step, checkout, toolbox)
    compiled = compile_plan(work.plan, work.workshop)
    toolbox.log.note(f"releasing {compiled.id}")
    if step.skip_if_exists and _exists(compiled, toolbox):
        why = f"{compiled.id} exists already"
        toolbox.log.note(why)
        return BuildResult(release_id=compiled.id, revision=compiled.revision, outputs={}, skipped=why)
    compiled, work = _continued(compiled, work, site)
    work = _pinned(work, compiled)
    deployment = site.load().deployment(compiled.unit, compiled.unit)
    if work.begun is not None and work.begun.has_package:
        return _tagged(compiled, deployment, work)
    work.check_tag(compiled.id)
    compiled, outputs = _built_and_deployed(compiled, deployment, work)
    return _published(compiled, outputs, deployment, work)


def _prepared(step: BuildStep, checkout: Checkout, toolbox: Toolbox) -> _Work:
    try:
        file = inner_file(checkout.folder, step.plan_location)
    except ArchiveError as error:
        raise PlanError((Defect(file=step.plan_location, path="", message="no such file"),)) from error
    plan = parse.parse(file.read_text(encoding="utf-8", errors="replace"), step.plan_location)
    if step.override_namespace:
        plan = replace(plan, project=step.override_namespace)
    workshop = Workshop(folder=file.parent, fetcher=toolbox.fetcher, fat=step.fat_package, revision=checkout.revision)
    return _Work(step=step, plan=plan, workshop=workshop, checkout=checkout, toolbox=toolbox)


def _continued(compiled: Release, work: _Work, site: Site) -> tuple[Release, _Work]:
    """Take up the release that an earlier attempt began to publish, if there is one to be finished."""
    if not work.step.push_release:
        return compiled, work
    wanted = Wanted(release=compiled, version=work.plan.version, tagged_at=work.origin)
    begun = find_earlier(wanted, site.attempt, work.toolbox.fetcher.inventory)
    if begun is None:
        return compiled, work
    work.toolbox.log.note(f"going on with {begun.id}, which was made of this commit before")
    return replace(compiled, version=begun.version), replace(work, begun=begun)


def _tagged(compiled: Release, deployment: Deployment, work: _Work) -> BuildResult:
    """Finish a release that is published: only its tag may be missing."""
    work.tag(compiled.id)
    outputs = _outputs_of(deployment, Scope.DEPLOY if work.step.run_deploy else Scope.BUILD)
    return BuildResult(release_id=compiled.id, revision=compiled.revision, outputs=outputs, pushed=True)


def _pinned(work: _Work, compiled: Release) -> _Work:
    # The plan is compiled again after the build, with the dependency versions deployed for it, not newer ones.
    ids = {known.deployment_name: known.release_id for known in compiled.depends}
    depends = tuple(replace(known, release_id=ids[known.deployment_name]) for known in work.plan.depends)
    plan = replace(work.plan, depends=depends, extends=compiled.extends)
    workshop = replace(work.workshop, version=compiled.version, revision=compiled.revision)
    return replace(work, plan=plan, workshop=workshop)


def _exists(compiled: Release, toolbox: Toolbox) -> bool:
    try:
        toolbox.fetcher.inventory.release(compiled.project, compiled.name, f"v{compiled.version}")
    except MissingReleaseError:
        return False
    return True


def _built_and_deployed(compiled: Release, deployment: Deployment, work: _Work) -> tuple[Release, dict[str, str]]:
    step, toolbox = work.step, work.toolbox
    built = work.unit(compiled, deployment, Scope.BUILD)
    if step.run_build:
        sequence.bring_up(built, work.given(), toolbox)
        built = replace(built, release=compile_plan(work.plan, work.workshop))
    if step.run_tests:
        sequence.check(built, toolbox)
    outputs = _outputs_of(deployment, Scope.BUILD)
    if step.run_destroy and step.run_destroy_build:
        sequence.destroy(built, work.given(), toolbox)
    deployed = replace(built, scope=Scope.DEPLOY)
    if step.run_deploy:
        sequence.bring_up(deployed, work.given(), toolbox)
    if step.run_deploy and step.run_tests and step.run_smoke:
        sequence.check(deployed, toolbox)
    outputs = _outputs_of(deployment, Scope.DEPLOY) if step.run_deploy else outputs
    if step.run_destroy and step.run_destroy_deploy:
        sequence.destroy(deployed, work.given(), toolbox)
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
            work.check_tag(compiled.id)
            continue
        if work.step.cache_release and pushed:
            work.toolbox.fetcher.keep(target)
        work.tag(compiled.id)
        return BuildResult(
            release_id=compiled.id, revision=compiled.revision, outputs=outputs, pushed=pushed, package=target,
            sha256=sha256(target),
        )  # fmt: skip
    raise StageFailedError(f"{compiled.unit}: others took {_MAX_ATTEMPTS} versions before us")


def _packaged(compiled: Release, work: _Work) -> Path:
    target = place_of(work.workshop.folder, f".escape/target/{compiled.package_name}.tgz")
    if target.exists() and not work.step.force_overwrite:
        raise StageFailedError(f"{target.name} is there already, and the step does not force it")
    package(compiled, work.workshop.folder, target)
    return target


def _pushed(compiled: Release, target: Path, work: _Work) -> bool:
    if not work.step.push_release:
        return False
    inventory = work.toolbox.fetcher.inventory
    if work.begun is None:
        inventory.register(compiled.project, release_json.to_dict(compiled))
    inventory.upload(compiled.project, compiled.name, compiled.version, target)
    work.toolbox.log.note(f"pushed {compiled.id}")
    return True


def _with_next_version(compiled: Release, deployment: Deployment, work: _Work) -> Release:
    # Versions are not reserved: another build may have registered ours meanwhile. With a version fixed in the plan
    # that is an error; with an automatic version we take the next.
    again = compile_plan(work.plan, replace(work.workshop, version=None))
    if again.version == compiled.version:
        raise StageFailedError(f"{compiled.id} exists already")
    work.toolbox.log.note(f"{compiled.id} was taken meanwhile: this is {again.id}")
    mine = [stage for stage in deployment.stages.values() if stage.version == compiled.version]
    for stage in mine:
        stage.version = again.version
    if mine:
        deployment.save()
    return again
