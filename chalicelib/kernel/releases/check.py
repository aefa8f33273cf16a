"""Validates release metadata at registration, and fills in defaults. Ownership is checked in use_cases.

Checks run in Escape's order and use Escape's messages, one at a time, because clients display them. Source: Escape core
0.15 and inventory 0.16.12, as observed on the wire.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from chalicelib.kernel import names
from chalicelib.kernel.faults import Invalid
from slipway_formats import release_id, version
from slipway_formats.release import (
    API_VERSION,
    BOTH_SCOPES,
    Consumer,
    Dependency,
    Download,
    Metadata,
    ReleaseStage,
    Variable,
)
from slipway_formats.release_id import ReleaseId
from slipway_formats.secret_address import has_secret, shown
from slipway_formats.version import Exact

Part = TypeVar("Part", Consumer, Dependency, Download, Variable)


def checked(metadata: Metadata | None) -> Metadata:
    """Validate metadata and fill in its defaults. Faults: Invalid, with the first defect only."""
    if metadata is None:
        raise refused("Missing release metadata")
    _check_head(metadata)
    complete = replace(
        metadata,
        project=metadata.project or names.DEFAULT_NAMESPACE,
        # Where it was cloned from; git remotes of build machines often hold a token.
        repository=shown(metadata.repository),
        generates=metadata.generates or (),
        inputs=_each(_variable, metadata.inputs),
        outputs=_each(_variable, metadata.outputs),
        depends=_each(_dependency, metadata.depends),
        consumes=_each(_consumer, metadata.consumes),
        downloads=_each(_download, metadata.downloads),
    )
    for field, stage in sorted((metadata.stages or {}).items()):
        _check_stage(field, stage)
    if any(len(provider.name) > names.MAX_LENGTH for provider in metadata.provides or ()):
        raise refused(f"The name of a provider has more than {names.MAX_LENGTH} characters")
    for extension in metadata.extends or ():
        parsed_release_id(extension.release_id)
    if not version.is_version(metadata.version):
        raise refused("Can't add release with unresolved version")
    return complete


def check_namespace(name: str) -> None:
    """Check the name of a namespace. Faults: Invalid, with Escape's message."""
    if name != names.DEFAULT_NAMESPACE:
        _check_name(name, names.NAMESPACE_WORDS)


def check_tag(tag: str) -> None:
    """Check the name of a tag. Faults: Invalid, with Escape's message."""
    if version.tag_defects(tag):
        raise refused(f"The tag '{tag}' is invalid/not supported.")


def parsed_release_id(text: str) -> ReleaseId:
    """Parse a release id. Faults: Invalid, with Escape's message."""
    try:
        return release_id.parse(text)
    except Invalid as invalid:
        asked = text.rpartition("-")[2]
        if "-" in text and ":" not in text and asked and "version" in invalid.message:
            raise refused(f"Invalid version string in release ID '{text}': '{asked}' is not a valid version.") from None
        raise refused(f"Invalid release format: {text}.") from None


def refused(message: str) -> Invalid:
    """An Invalid with exactly this message."""
    return Invalid.single("", message)


def _check_head(metadata: Metadata) -> None:
    if not metadata.name:
        raise refused("Missing name field in release metadata")
    _check_name(metadata.name, names.LANGUAGE_WORDS)
    if not metadata.version:
        raise refused("Missing version field in release metadata")
    if metadata.project not in ("", names.DEFAULT_NAMESPACE):
        _check_name(metadata.project, names.LANGUAGE_WORDS)
    if not 0 < metadata.api_version <= API_VERSION:
        raise refused(
            "The release metadata is compiled with a version of Escape targetting API version "
            f"v{metadata.api_version}, but this build supports up to v{API_VERSION}"
        )
    if not (version.is_version(metadata.version) or version.is_unresolved(metadata.version)):
        raise refused(f"Invalid version string '{metadata.version}'.")


def _check_name(name: str, reserved: frozenset[str]) -> None:
    if name in reserved:
        raise refused(f"The name '{name}' is a protected variable.")
    if names.application(name):
        raise refused(f"Invalid name '{name}'")


def _variable(variable: Variable) -> Variable:
    name = variable.id.strip()
    if not variable.id:
        raise refused("Variable object is missing an 'id'")
    if name.upper().startswith("PREVIOUS_"):
        start = name[: len("PREVIOUS_")]
        raise refused(f"Invalid variable format '{name}'. Variable is not allowed to start with '{start}'")
    if names.variable_id(name):
        raise refused(f"Invalid variable format '{variable.id}'")
    return replace(variable, id=name, scopes=variable.scopes or BOTH_SCOPES)


def _dependency(dependency: Dependency) -> Dependency:
    text, _, alias = dependency.release_id.partition(" as ")
    parsed = parsed_release_id(text.strip())
    if not isinstance(parsed.query, Exact):
        raise refused(f"The dependency '{parsed}' needs its version resolved.")
    variable = dependency.variable or alias.strip() or f"{parsed.namespace}/{parsed.application}"
    return replace(
        dependency,
        release_id=str(parsed),
        build_mapping=dependency.build_mapping or {},
        deploy_mapping=dependency.deploy_mapping or {},
        deployment_name=dependency.deployment_name or variable,
        variable=variable,
        scopes=dependency.scopes or BOTH_SCOPES,
    )


def _consumer(consumer: Consumer) -> Consumer:
    if not consumer.name:
        raise refused("Missing name for Consumer")
    return replace(consumer, variable=consumer.variable or consumer.name, scopes=consumer.scopes or BOTH_SCOPES)


def _download(download: Download) -> Download:
    if not download.url:
        raise refused("Missing URL in download config.")
    if not download.dest:
        raise refused(f"Missing 'dest' in download config for '{download.url}'")
    if has_secret(download.url):
        raise refused(f"The URL of download '{shown(download.url)}' holds a password or token, which all would see")
    return replace(download, scopes=download.scopes or BOTH_SCOPES)


def _check_stage(field: str, stage: ReleaseStage) -> None:
    if sum(map(bool, (stage.script, stage.cmd, stage.inline))) > 1:
        raise refused(
            f"Found a problem in the '{field}' field: More than one field is set. "
            "Please specify only one of script, cmd or inline."
        )


def _each(complete: Callable[[Part], Part], parts: tuple[Part, ...] | None) -> tuple[Part, ...] | None:
    return None if parts is None else tuple(complete(part) for part in parts)
