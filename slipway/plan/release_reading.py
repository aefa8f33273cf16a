"""A release read from its JSON, whatever wrote it: unknown keys are ignored, null and absent are the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slipway.plan import parts
from slipway.plan.defects import Defects
from slipway.plan.names import DEFAULT_PROJECT, name_defect, project_defect
from slipway.plan.reading import Fields
from slipway.plan.release import (
    STAGE_NAMES,
    Command,
    Consumer,
    Dependency,
    Download,
    Errand,
    Inline,
    Release,
    Revision,
    Script,
    Stage,
    Template,
    Value,
    Variable,
)
from slipway_formats.version import is_version


def read_text(text: str, file: str = "release.json") -> Release:
    """The release that a release.json says. Faults: PlanError."""
    defects = Defects(file=file)
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        defects.add("", "not a JSON object")
        defects.refuse_if_any()
    return read(raw, file)


def read(raw: Mapping[str, Any], file: str = "release.json") -> Release:
    """The release that metadata says; unknown keys are ignored, null and absent are the same. Faults: PlanError."""
    defects = Defects(file=file)
    release = _release(Fields(raw=raw, path="", defects=defects))
    for key, defect in (("name", name_defect(release.name)), ("project", project_defect(release.project))):
        if defect is not None:
            defects.add(key, defect)
    if not is_version(release.version):
        defects.add("version", f"invalid version '{release.version}'")
    defects.refuse_if_any()
    return release


def _release(fields: Fields) -> Release:
    return Release(
        project=fields.text("project") or DEFAULT_PROJECT, name=fields.text("name"), version=fields.text("version"),
        description=fields.text("description"), license=fields.text("license"), logo=fields.text("logo"),
        revision=Revision(
            revision=fields.text("git_revision"), branch=fields.text("branch"), repository=fields.text("repository"),
            message=fields.text("revision_message"), author=fields.text("revision_author"),
        ),
        files=_texts(fields, "files"), metadata=_texts(fields, "metadata"), generates=fields.texts("generates"),
        provides=fields.each("provides", _read_provided), extends=fields.each("extends", _read_extension),
        consumes=fields.each("consumes", _read_consumer), depends=fields.each("depends", _read_dependency),
        downloads=fields.each("downloads", _read_download), inputs=fields.each("inputs", _read_variable),
        outputs=fields.each("outputs", _read_variable), errands=_read_errands(fields),
        stages=_read_stages(fields), templates=fields.each("templates", _read_template),
    )  # fmt: skip


def _texts(fields: Fields, key: str) -> dict[str, str]:
    inner = fields.mapping(key)
    return {name: inner.text(name) for name in inner.raw}


def _read_provided(fields: Fields, path: str, item: Value) -> str | None:
    return item if isinstance(item, str) else fields.enter(item, path).required("name") or None


def _read_extension(fields: Fields, path: str, item: Value) -> str | None:
    inner = fields.enter({"release_id": item} if isinstance(item, str) else item, path)
    asked = parts.release_id(inner, "release_id", inner.required("release_id"))
    return str(asked) if asked is not None else None


def _read_consumer(fields: Fields, path: str, item: Value) -> Consumer:
    inner = fields.enter(item, path)
    name = inner.required("name")
    return Consumer(
        name=name, variable=inner.text("variable") or name, scopes=inner.scopes(),
        skip_activate=inner.flag("skip_activate", default=False),
        skip_deactivate=inner.flag("skip_deactivate", default=False),
    )  # fmt: skip


def _read_dependency(fields: Fields, path: str, item: Value) -> Dependency | None:
    inner = fields.enter(item, path)
    asked = parts.release_id(inner, "release_id", inner.required("release_id"))
    if asked is None:
        return None
    return Dependency(
        release_id=str(asked), variable=inner.text("variable") or asked.unit,
        deployment_name=inner.text("deployment_name") or inner.text("variable") or asked.unit,
        mapping=dict(inner.mapping("mapping").raw), build_mapping=dict(inner.mapping("build_mapping").raw),
        deploy_mapping=dict(inner.mapping("deploy_mapping").raw), consumes=_texts(inner, "consumes"),
        scopes=inner.scopes(),
    )  # fmt: skip


def _read_download(fields: Fields, path: str, item: Value) -> Download | None:
    inner = fields.enter(item, path)
    dest = inner.required("dest")
    parts.inside(inner, "dest", dest)
    return Download(
        url=inner.required("url"), dest=dest, overwrite=inner.flag("overwrite", default=False),
        if_not_exists=inner.texts("if_not_exists"), unpack=inner.flag("unpack", default=False),
        platform=inner.text("platform"), arch=inner.text("arch"), scopes=inner.scopes(),
    )  # fmt: skip


def _read_variable(fields: Fields, path: str, item: Value) -> Variable | None:
    inner = fields.enter(item, path)
    id_ = inner.required("id")
    return Variable(
        id=id_, type=inner.text("type", "string"), default=inner.raw.get("default"), items=inner.raw.get("items"),
        description=inner.text("description"), friendly=inner.text("friendly"),
        visible=inner.flag("visible", default=True), options=dict(inner.mapping("options").raw),
        sensitive=inner.flag("sensitive", default=False), scopes=inner.scopes(),
        eval_before_dependencies=inner.flag("eval_before_dependencies", default=False),
    )  # fmt: skip


def _read_stages(fields: Fields) -> dict[str, Stage]:
    inner = fields.mapping("stages")
    read = {name: _read_stage(inner, name) for name in STAGE_NAMES if inner.raw.get(name)}
    return {name: stage for name, stage in read.items() if stage is not None}


def _read_stage(fields: Fields, key: str) -> Stage | None:
    inner = fields.mapping(key)
    stage: Stage | None = None
    if inner.text("cmd"):
        stage = Command(cmd=inner.text("cmd"), args=inner.texts("args"))
    elif inner.text("inline"):
        stage = Inline(text=inner.text("inline"))
    elif inner.text("script"):
        parts.inside(inner, "script", inner.text("script"))
        stage = Script(path=inner.text("script"))
    return stage


def _read_errands(fields: Fields) -> dict[str, Errand]:
    inner = fields.mapping("errands")
    read = {name: _read_errand(inner.mapping(name), name) for name in inner.raw}
    return {name: errand for name, errand in read.items() if errand is not None}


def _read_errand(fields: Fields, name: str) -> Errand | None:
    script = fields.text("script")
    stage = _read_stage(fields, "exec_stage") or (Script(path=script) if script else None)
    if script:
        parts.inside(fields, "script", script)
    inputs = fields.each("inputs", _read_variable)
    if stage is None:
        return None
    return Errand(name=name, stage=stage, description=fields.text("description"), inputs=inputs)


def _read_template(fields: Fields, path: str, item: Value) -> Template:
    inner = fields.enter(item, path)
    for key in ("file", "target"):
        parts.inside(inner, key, inner.required(key))
    return Template(
        file=inner.text("file"), target=inner.text("target"), scopes=inner.scopes(),
        mapping=dict(inner.mapping("mapping").raw),
    )  # fmt: skip
