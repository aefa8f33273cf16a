"""Write release.json in the order and format of the Escape CLI. Reading: release_reading."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slipway.plan.release import Command, Errand, Inline, Release, Script, Stage
from slipway_formats.release import API_VERSION, Extension, Metadata, Provider, ReleaseStage
from slipway_formats.release import Errand as WrittenErrand
from slipway_formats.release_writer import escape, write

# Versions of the Escape CLI with the release format written here.
CORE_VERSION = "0.15.7"
ESCAPE_VERSION = "0.28.1"


def to_dict(release: Release) -> dict[str, Any]:
    """Return the metadata as the inventory takes it, keys in the CLI's order."""
    return write(_metadata(release))


def to_text(metadata: Mapping[str, Any]) -> str:
    """Return the text of release.json: indented by 3, without a final newline."""
    return escape(json.dumps(metadata, indent=3, ensure_ascii=False))


def _metadata(release: Release) -> Metadata:
    revision = release.revision
    return Metadata(
        api_version=API_VERSION, built_with_core_version=CORE_VERSION, built_with_escape_version=ESCAPE_VERSION,
        description=release.description, files=release.files, license=release.license, logo=release.logo,
        name=release.name, repository=revision.repository, branch=revision.branch, git_revision=revision.revision,
        revision_message=revision.message, revision_author=revision.author, metadata=release.metadata,
        version=release.version, generates=release.generates, consumes=release.consumes,
        downloads=release.downloads or None, depends=release.depends,
        errands={name: _errand(known) for name, known in release.errands.items()},
        extends=tuple(Extension(release_id=id_) for id_ in release.extends),
        inputs=release.inputs, outputs=release.outputs, project=release.project,
        provides=tuple(Provider(name=name) for name in release.provides),
        stages={name: _stage(known) for name, known in release.stages.items()}, templates=release.templates,
    )  # fmt: skip


def _errand(known: Errand) -> WrittenErrand:
    return WrittenErrand(
        name=known.name, description=known.description, exec_stage=_stage(known.stage), inputs=known.inputs
    )


def _stage(known: Stage) -> ReleaseStage:
    match known:
        case Command():
            return ReleaseStage(cmd=known.cmd, args=known.args)
        case Inline():
            return ReleaseStage(inline=known.text)
        case Script():
            return ReleaseStage(script=known.path)
