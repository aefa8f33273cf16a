"""release.json written in the order and form of the Escape CLI. Reading it back lives in release_reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slipway.plan.release import (
    Command,
    Consumer,
    Dependency,
    Download,
    Errand,
    Inline,
    Release,
    Script,
    Stage,
    Template,
    Value,
    Variable,
)

# The release format that is written here, by the versions of the Escape CLI that write it.
API_VERSION = 15
CORE_VERSION = "0.15.7"
ESCAPE_VERSION = "0.28.1"

# What Go's JSON writes as an escape although JSON does not ask for it.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_dict(release: Release) -> dict[str, Any]:
    """The metadata as the inventory takes it, keys in the CLI's order."""
    revision = release.revision
    return {
        "api_version": API_VERSION,
        "built_with_core_version": CORE_VERSION, "built_with_escape_version": ESCAPE_VERSION,
        "description": release.description, "files": _sorted(release.files), "license": release.license,
        "logo": release.logo, "name": release.name, "repository": revision.repository, "branch": revision.branch,
        "git_revision": revision.revision, "revision_message": revision.message, "revision_author": revision.author,
        "metadata": _sorted(release.metadata), "version": release.version, "generates": list(release.generates),
        "consumes": [_consumer(known) for known in release.consumes],
        "downloads": [_download(known) for known in release.downloads] or None,
        "depends": [_dependency(known) for known in release.depends],
        "errands": {name: _errand(known) for name, known in _sorted(release.errands).items()},
        "extends": [{"release_id": id_} for id_ in release.extends],
        "inputs": [_variable(known) for known in release.inputs],
        "outputs": [_variable(known) for known in release.outputs],
        "project": release.project, "provides": [{"name": name} for name in release.provides],
        "stages": {name: _stage(known) for name, known in _sorted(release.stages).items()},
        "templates": [_template(known) for known in release.templates], "variable_context": {},
    }  # fmt: skip


def to_text(metadata: Mapping[str, Any]) -> str:
    """The text of release.json: indented by 3, without a newline at the end."""
    text = json.dumps(metadata, indent=3, ensure_ascii=False)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _sorted(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))


def _consumer(known: Consumer) -> dict[str, Any]:
    return {
        "name": known.name, "scopes": list(known.scopes), "variable": known.variable,
        "skip_activate": known.skip_activate, "skip_deactivate": known.skip_deactivate,
    }  # fmt: skip


def _download(known: Download) -> dict[str, Any]:
    return {
        "url": known.url, "dest": known.dest, "overwrite": known.overwrite, "if_not_exists": list(known.if_not_exists),
        "unpack": known.unpack, "platform": known.platform, "arch": known.arch, "scopes": list(known.scopes),
    }  # fmt: skip


def _dependency(known: Dependency) -> dict[str, Any]:
    return {
        "release_id": known.release_id, "mapping": _sorted(known.mapping),
        "build_mapping": _sorted(known.build_mapping), "deploy_mapping": _sorted(known.deploy_mapping),
        "consumes": _sorted(known.consumes), "deployment_name": known.deployment_name,
        "variable": known.variable, "scopes": list(known.scopes),
    }  # fmt: skip


def _errand(known: Errand) -> dict[str, Any]:
    return {
        "name": known.name, "description": known.description, "script": "", "exec_stage": _stage(known.stage),
        "inputs": [_variable(variable) for variable in known.inputs],
    }  # fmt: skip


def _variable(known: Variable) -> dict[str, Any]:
    optional: dict[str, Value] = {
        "default": known.default, "description": known.description or None, "friendly": known.friendly or None,
    }  # fmt: skip
    given = {key: value for key, value in optional.items() if value is not None}
    return {
        "id": known.id, "type": known.type, **given, "visible": known.visible,
        **({"options": _sorted(known.options)} if known.options else {}),
        **({"sensitive": True} if known.sensitive else {}), "items": known.items,
        **({"eval_before_dependencies": True} if known.eval_before_dependencies else {}),
        "scopes": list(known.scopes),
    }  # fmt: skip


def _stage(known: Stage) -> dict[str, Any]:
    match known:
        case Command():
            return {"cmd": known.cmd, **({"args": list(known.args)} if known.args else {})}
        case Inline():
            return {"inline": known.text}
        case Script():
            return {"script": known.path}


def _template(known: Template) -> dict[str, Any]:
    return {
        "file": known.file, "target": known.target, "scopes": list(known.scopes), "mapping": _sorted(known.mapping),
    }  # fmt: skip
