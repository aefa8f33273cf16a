"""Compares the metadata of two releases field by field, under the names of Escape's core.

Lists are compared by index, maps by key. Formatting of values is left to the caller.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import assert_never

from chalicelib.kernel.faults import Invalid
from slipway_formats import release_id
from slipway_formats.frozen import frozen
from slipway_formats.release import (
    Consumer,
    Dependency,
    Download,
    Errand,
    Extension,
    Metadata,
    Provider,
    ReleaseStage,
    Template,
    Variable,
)
from slipway_formats.version import Exact, Latest, Prefix, Query, Tag

Record = (
    Consumer | Dependency | Download | Errand | Extension | Metadata | Provider | ReleaseStage | Template | Variable
)

FIELDS: Mapping[type, str] = MappingProxyType(
    {
        Metadata: "ApiVersion=api_version BuiltWithCoreVersion=built_with_core_version"
        " BuiltWithEscapeVersion=built_with_escape_version Description=description Files=files License=license"
        " Logo=logo Name=name Repository=repository Branch=branch Revision=git_revision"
        " RevisionMessage=revision_message RevisionAuthor=revision_author Metadata=metadata Version=version"
        " Generates=generates Consumes=consumes Downloads=downloads Depends=depends Errands=errands Extends=extends"
        " Inputs=inputs Outputs=outputs Project=project Provides=provides Stages=stages Templates=templates"
        " VariableCtx=variable_context",
        Consumer: "Name=name Scopes=scopes VariableName=variable SkipActivate=skip_activate"
        " SkipDeactivate=skip_deactivate",
        Dependency: "ReleaseId=release_id Mapping=mapping BuildMapping=build_mapping DeployMapping=deploy_mapping"
        " Consumes=consumes DeploymentName=deployment_name VariableName=variable Scopes=scopes",
        Download: "URL=url Dest=dest OverwriteExistingDest=overwrite IfNotExists=if_not_exists Unpack=unpack"
        " Platform=platform Arch=arch Scopes=scopes",
        Variable: "Id=id Type=type Default=default Description=description Friendly=friendly Visible=visible"
        " Options=options Sensitive=sensitive Items=items EvalBeforeDependencies=eval_before_dependencies"
        " Scopes=scopes",
        ReleaseStage: "Cmd=cmd Args=args Inline=inline RelativeScript=script",
        Errand: "Name=name Description=description Script=script Run=exec_stage Inputs=inputs",
        Template: "File=file Target=target Scopes=scopes Mapping=mapping",
        Extension: "ReleaseId=release_id",
        Provider: "Name=name",
    }
)
"""Field names of each record, in Escape's order: `Escape=ours`."""

ANYTHING = frozenset({"Default", "Items"})
"""Fields that can hold any JSON, where null is a value of its own."""

Path = tuple[str, ...]


class Kind(StrEnum):
    """Kinds of difference."""

    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"


@frozen
class Change:
    """One difference. path: of the value; for an added or removed element, of its list or map.

    old, new: values as in the metadata, which may be records. For an added or removed map entry: its key.
    """

    kind: Kind
    path: Path
    old: object = None
    new: object = None


def difference(old: Metadata, new: Metadata) -> tuple[Change, ...]:
    """All differences between two releases, in the order of the fields."""
    return tuple(change for name, pair in _pairs(old, new) for change in _compared((name,), *pair))


def _pairs(old: object, new: object) -> Iterator[tuple[str, tuple[object, object]]]:
    """Pairs of field values of two records of one type. A null list or map counts as empty."""
    for (name, before), (_, now) in zip(_fields(old), _fields(new), strict=True):
        is_free = name in ANYTHING
        yield name, (before, now) if is_free else (_filled(before, now), _filled(now, before))


def _filled(value: object, other: object) -> object:
    if value is not None:
        return value
    return () if isinstance(other, tuple) else {} if isinstance(other, Mapping) else None


def _fields(record: object) -> tuple[tuple[str, object], ...]:
    pairs = (entry.split("=") for entry in FIELDS[type(record)].split())
    said = tuple((name, getattr(record, attribute)) for name, attribute in pairs)
    return (*said, *_parsed(record)) if isinstance(record, Dependency) else said


def _parsed(dependency: Dependency) -> tuple[tuple[str, object], ...]:
    """Fields that Escape parses from a dependency's release id."""
    try:
        parsed = release_id.parse(dependency.release_id)
    except Invalid:
        return (("Project", ""), ("Name", ""), ("Version", ""), ("Tag", ""))
    version, tag = _version_and_tag(parsed.query)
    return (("Project", parsed.namespace), ("Name", parsed.application), ("Version", version), ("Tag", tag))


def _version_and_tag(query: Query) -> tuple[str, str]:
    match query:
        case Latest():
            return "latest", ""
        case Prefix(prefix=prefix):
            return f"{prefix}@", ""
        case Exact(version=version):
            return version, ""
        case Tag(tag=tag):
            return "", tag
        case _:
            assert_never(query)


def _compared(path: Path, old: object, new: object) -> Iterator[Change]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _maps(path, old, new)
    elif isinstance(old, tuple | list) and isinstance(new, tuple | list):
        yield from _lists(path, tuple(old), tuple(new))
    elif type(old) is type(new) and type(new) in FIELDS:
        for name, pair in _pairs(old, new):
            yield from _compared((*path, f".{name}"), *pair)
    elif type(old) is not type(new) or old != new:
        yield _changed(path, old, new)


def _changed(path: Path, old: object, new: object) -> Change:
    kind = Kind.ADD if old is None else Kind.REMOVE if new is None else Kind.CHANGE
    return Change(kind=kind, path=path, old=old, new=new)


def _lists(path: Path, old: tuple[object, ...], new: tuple[object, ...]) -> Iterator[Change]:
    for place, (before, now) in enumerate(zip(old, new, strict=False)):
        yield from _compared((*path, f"[{place}]"), before, now)
    yield from (Change(kind=Kind.REMOVE, path=path, old=gone) for gone in old[len(new) :])
    yield from (Change(kind=Kind.ADD, path=path, new=come) for come in new[len(old) :])


def _maps(path: Path, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for key in sorted({*old, *new}):
        if key not in new:
            yield Change(kind=Kind.REMOVE, path=path, old=key)
        elif key not in old:
            yield Change(kind=Kind.ADD, path=path, new=key)
        else:
            yield from _compared((*path, f'["{key}"]'), old[key], new[key])
