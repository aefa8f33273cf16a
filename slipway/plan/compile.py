"""Compile a plan and its folder to a release, in the CLI's order. What other releases contribute: inherit."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from slipway.plan import expression, files, inherit, stages
from slipway.plan.archive import Package, inner_file, pack
from slipway.plan.defects import Defects, PlanError
from slipway.plan.fetch import Fetcher
from slipway.plan.git import revision_of
from slipway.plan.names import parse_release_id
from slipway.plan.parse import Plan
from slipway.plan.ports import InventoryError
from slipway.plan.release import Release, Revision
from slipway.plan.release_json import to_dict, to_text
from slipway_formats import version
from slipway_formats.archive import ArchiveError
from slipway_formats.release import Scope, Template, Variable

_MAX_LOGO = 256 * 1024
# Fields that a template may use without a mapping, besides the inputs.
_TEMPLATE_FIELDS = (
    "branch", "description", "id", "logo", "name", "release", "repository", "revision", "version",
    "versionless_release",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where a plan is compiled. version: if already decided. revision: if git need not be called."""

    folder: Path
    fetcher: Fetcher
    environment: Mapping[str, str] = field(default_factory=dict)
    version: str | None = None
    revision: Revision | None = None
    fat: bool = False


@dataclass(slots=True, kw_only=True)
class _Work:
    plan: Plan
    workshop: Workshop
    defects: Defects
    known: dict[str, Release] = field(default_factory=dict)

    def scope(self, release: Release) -> expression.Scope:
        return inherit.scope_of({**self.known, "this": release})


def compile_plan(plan: Plan, workshop: Workshop) -> Release:
    """Compile the plan with the folder's files. Faults: PlanError, with all defects; InventoryError."""
    work = _Work(plan=plan, workshop=workshop, defects=plan.defects())
    release = _basics(plan, workshop)
    for step in (_extend, _depend):
        release = step(release, work)
        work.defects.refuse_if_any()
    for step in (_version, _metadata, _stages, _variables, _templates, _files, _logo):
        release = step(release, work)
    _check_references(release, work)
    work.defects.refuse_if_any()
    return release


def package(release: Release, folder: Path, target: Path) -> None:
    """Write the release's package from the folder that it was compiled in. Faults: ArchiveError."""
    text = to_text(to_dict(release))
    listed = tuple(path for path in release.files if path != "release.json")
    pack(Package(folder=folder, top=release.package_name, files=listed, texts={"release.json": text}), target)


def _basics(plan: Plan, workshop: Workshop) -> Release:
    revision = workshop.revision or revision_of(workshop.folder, workshop.environment)
    return Release(
        project=plan.project, name=plan.name, version="", description=plan.description, license=plan.license,
        consumes=plan.consumes, provides=plan.provides, generates=plan.generates, downloads=plan.downloads,
        revision=revision,
    )  # fmt: skip


def _extend(release: Release, work: _Work) -> Release:
    own = {known.deployment_name for known in work.plan.depends}
    for index, id_ in enumerate(work.plan.extends):
        extension = _fetched(id_, f"extends[{index}]", work)
        if extension is not None:
            work.known[extension.unit] = extension
            release = inherit.extended(release, extension)
    for dependency in release.depends:
        found = _fetched(dependency.release_id, "extends", work)
        if found is not None:
            work.known[dependency.variable] = found
    return replace(release, depends=tuple(known for known in release.depends if known.deployment_name not in own))


def _depend(release: Release, work: _Work) -> Release:
    for index, dependency in enumerate(work.plan.depends):
        found = _fetched(dependency.release_id, f"depends[{index}].release_id", work)
        if found is not None:
            work.known[dependency.variable] = found
            release = inherit.depending(release, dependency, found)
    return release


def _fetched(id_: str, path: str, work: _Work) -> Release | None:
    fetcher, folder = work.workshop.fetcher, work.workshop.folder
    try:
        found = fetcher.metadata(parse_release_id(id_))
        others = [known.id for known in work.known.values() if known.unit == found.unit and known.id != found.id]
        if others:
            work.defects.add(path, f"{found.id} does not fit beside {others[0]}")
        fetcher.unpack_dependency(found, folder)
    except (InventoryError, ArchiveError, PlanError) as error:
        work.defects.add(path, str(error))
        return None
    return found


def _version(release: Release, work: _Work) -> Release:
    text = work.workshop.version or _evaluated(work.plan.version, "version", release, work)
    prefix = version.automatic_prefix(text)
    if prefix is not None:
        text = work.workshop.fetcher.inventory.next_version(release.project, release.name, prefix)
    if not version.is_version(text):
        work.defects.add("version", f"invalid version '{text}'")
    return replace(release, version=text)


def _metadata(release: Release, work: _Work) -> Release:
    own = {key: _evaluated(text, f"metadata.{key}", release, work) for key, text in work.plan.metadata.items()}
    return replace(release, metadata={**release.metadata, **own})


def _evaluated(text: str, path: str, release: Release, work: _Work) -> str:
    try:
        found = expression.evaluate(text, work.scope(release))
    except expression.ScriptError as error:
        work.defects.add(path, str(error))
        return text
    return found if isinstance(found, str) else str(found)


def _stages(release: Release, work: _Work) -> Release:
    folder = work.workshop.folder
    own = {name: stages.settled(stage, folder, name, work.defects) for name, stage in work.plan.stages.items()}
    errands = {known.name: stages.settled_errand(known, folder, work.defects) for known in work.plan.errands}
    return replace(
        release,
        stages={**release.stages, **{name: stage for name, stage in own.items() if stage is not None}},
        errands={**release.errands, **{name: errand for name, errand in errands.items() if errand is not None}},
    )


def _variables(release: Release, work: _Work) -> Release:
    own = tuple(_timed(known, release) for known in work.plan.inputs)
    return replace(
        release,
        inputs=inherit.overridden(release.inputs, own),
        outputs=inherit.overridden(release.outputs, work.plan.outputs),
    )


def _timed(variable: Variable, release: Release) -> Variable:
    below = {known.variable for known in release.depends}
    late = any(found.name in below and found.group in {"inputs", "outputs"} for found in _of(variable))
    return replace(variable, eval_before_dependencies=variable.eval_before_dependencies and not late)


def _of(variable: Variable) -> tuple[expression.Reference, ...]:
    return (*expression.references(variable.default), *expression.references(variable.items))


def _templates(release: Release, work: _Work) -> Release:
    own = tuple(_with_mapping(known, release) for known in work.plan.templates)
    return replace(release, templates=(*release.templates, *own))


def _with_mapping(template: Template, release: Release) -> Template:
    visible = [
        known.id for known in release.inputs if any(known.is_in(scope) and template.is_in(scope) for scope in Scope)
    ]
    free = {
        **{name: f"$this.{name}" for name in _TEMPLATE_FIELDS},
        **{name: f"$this.inputs.{name}" for name in visible},
    }
    return replace(template, mapping={**free, **(template.mapping or {})})


def _files(release: Release, work: _Work) -> Release:
    folder = work.workshop.folder
    found = {path for pattern in (*work.plan.includes, *release.generates) for path in files.matches(folder, pattern)}
    found.update(path for path in stages.scripts_of(release, folder) if not path.startswith("deps/"))
    for index, template in enumerate(work.plan.templates):
        if not (folder / template.file).is_file():
            work.defects.add(f"templates[{index}].file", f"no file '{template.file}'")
        else:
            found.add(template.file)
    if work.workshop.fat:
        found.update(files.below(folder, "deps"))
    return replace(release, files=_sums(found, work))


def _sums(paths: Iterable[str], work: _Work) -> dict[str, str]:
    sums: dict[str, str] = {}
    for path in sorted(paths):
        try:
            sums.update(files.md5(work.workshop.folder, (path,)))
        except ArchiveError as error:
            work.defects.add("includes", str(error))
    return sums


def _logo(release: Release, work: _Work) -> Release:
    if not work.plan.logo:
        return release
    try:
        content = inner_file(work.workshop.folder, work.plan.logo).read_bytes()
    except (ArchiveError, OSError) as error:
        work.defects.add("logo", str(error))
        return release
    if len(content) > _MAX_LOGO:
        work.defects.add("logo", f"'{work.plan.logo}' is larger than {_MAX_LOGO} bytes")
    return replace(release, logo=base64.b64encode(content).decode())


def _check_references(release: Release, work: _Work) -> None:
    known = {**work.known, "this": release}
    providers = {consumer.variable for consumer in release.consumes}
    for path, found in work.plan.references:
        if found.name in known:
            _check_member(path, found, known[found.name], work.defects)
        elif found.name not in providers:
            work.defects.add(path, f"unknown name '{found.name}'")


def _check_member(path: str, found: expression.Reference, release: Release, defects: Defects) -> None:
    declared = {"inputs": release.inputs, "outputs": release.outputs}
    if found.group in declared and all(variable.id != found.key for variable in declared[found.group]):
        defects.add(path, f"{release.unit} has no {found.group[:-1]} '{found.key}'")
