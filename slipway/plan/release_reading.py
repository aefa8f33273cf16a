"""Read a release from its JSON, whoever wrote it: unknown keys are ignored, null equals absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slipway.plan.defects import Defects, PlanError
from slipway.plan.names import DEFAULT_PROJECT, name_defect, project_defect
from slipway.plan.reading import Fields
from slipway.plan.release import Command, Errand, Inline, Release, Revision, Script, Stage
from slipway.plan.release_source import ReleaseSource
from slipway_formats import strict_json
from slipway_formats.release import STAGE_NAMES, Metadata, ReleaseStage
from slipway_formats.release import Errand as ReadErrand
from slipway_formats.release_reader import read as read_fields
from slipway_formats.version import is_version

_UNREAD = frozenset({"api_version", "built_with_core_version", "built_with_escape_version", "variable_context"})
"""Keys about how the release was built, not about its content."""


def read_text(text: str, file: str = "release.json") -> Release:
    """Read the release in a release.json. Faults: PlanError."""
    defects = Defects(file=file)
    try:
        raw = strict_json.parse(text.encode())
    except ValueError as error:
        defects.add("", f"not a JSON object: {error}")
        raw = None
    if not isinstance(raw, dict):
        defects.add("", "not a JSON object")
        raise PlanError(tuple(defects.found[:1]))
    return read(raw, file)


def read(raw: Mapping[str, Any], file: str = "release.json") -> Release:
    """Read the release in its metadata; unknown keys are ignored, null equals absent. Faults: PlanError."""
    defects = Defects(file=file)
    fields = Fields(raw=_known(raw), path="", defects=defects)
    release = _release(read_fields(Metadata, ReleaseSource(fields=fields)))
    for key, defect in (("name", name_defect(release.name)), ("project", project_defect(release.project))):
        if defect is not None:
            defects.add(key, defect)
    if not is_version(release.version):
        defects.add("version", f"invalid version '{release.version}'")
    defects.refuse_if_any()
    return release


def _known(raw: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in raw.items() if name not in _UNREAD}
    stages = known.get("stages")
    if isinstance(stages, dict):
        known["stages"] = {name: stages[name] for name in STAGE_NAMES if stages.get(name)}
    return known


def _release(metadata: Metadata) -> Release:
    stages = {name: _stage(stage) for name, stage in (metadata.stages or {}).items()}
    errands = {name: _errand(name, errand) for name, errand in (metadata.errands or {}).items()}
    return Release(
        project=metadata.project or DEFAULT_PROJECT, name=metadata.name, version=metadata.version,
        description=metadata.description, license=metadata.license, logo=metadata.logo,
        revision=Revision(
            revision=metadata.git_revision, branch=metadata.branch, repository=metadata.repository,
            message=metadata.revision_message, author=metadata.revision_author,
        ),
        files=metadata.files or {}, metadata=metadata.metadata or {}, generates=metadata.generates or (),
        provides=tuple(provider.name for provider in metadata.provides or ()),
        extends=tuple(extension.release_id for extension in metadata.extends or ()),
        consumes=metadata.consumes or (), depends=metadata.depends or (), downloads=metadata.downloads or (),
        inputs=metadata.inputs or (), outputs=metadata.outputs or (), templates=metadata.templates or (),
        errands={name: errand for name, errand in errands.items() if errand is not None},
        stages={name: stage for name, stage in stages.items() if stage is not None},
    )  # fmt: skip


def _stage(read: ReleaseStage | None) -> Stage | None:
    if read is None:
        return None
    if read.cmd:
        return Command(cmd=read.cmd, args=read.args or ())
    if read.inline:
        return Inline(text=read.inline)
    return Script(path=read.script) if read.script else None


def _errand(name: str, read: ReadErrand) -> Errand | None:
    stage = _stage(read.exec_stage) or (Script(path=read.script) if read.script else None)
    if stage is None:
        return None
    return Errand(name=name, stage=stage, description=read.description, inputs=read.inputs or ())
