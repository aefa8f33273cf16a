"""Read a release's JSON for the runner: every defect with its place; null equals absent.

A provider or an extension may be its name alone. Checks what a part needs and fills in its defaults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

from slipway.plan import parts
from slipway.plan.reading import Fields
from slipway.plan.release import Value
from slipway_formats import release
from slipway_formats.override import override
from slipway_formats.release_reader import Source, Texts, read

_Part = TypeVar("_Part")

_SHORT: Mapping[type, str] = MappingProxyType({release.Provider: "name", release.Extension: "release_id"})
_DEFAULTS: Mapping[type, Mapping[str, Value]] = MappingProxyType(
    {release.Variable: {"type": "string", "visible": True}}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSource(Source):
    """A source of the metadata of a release, or of a part of it. Parts that are unusable are defects, and left out."""

    fields: Fields

    @override
    def text(self, name: str, absent: str) -> str:
        return self.fields.text(name, absent)

    @override
    def flag(self, name: str) -> bool:
        return self.fields.flag(name, default=False)

    @override
    def whole(self, name: str, absent: int) -> int:
        return self.fields.whole(name, absent)

    @override
    def free(self, name: str) -> object:
        return self.fields.raw.get(name)

    @override
    def texts(self, name: str, absent: Texts) -> tuple[str, ...]:
        return self.fields.scopes() if name == "scopes" else self.fields.texts(name)

    @override
    def text_map(self, name: str, absent: Mapping[str, str] | None) -> dict[str, str]:
        inner = self.fields.mapping(name)
        return {key: inner.text(key) for key in inner.raw}

    @override
    def free_map(self, name: str) -> dict[str, Value]:
        return dict(self.fields.mapping(name).raw)

    @override
    def part(self, name: str, kind: type[_Part]) -> _Part | None:
        return _read(kind, self.fields.mapping(name)) if self.fields.raw.get(name) is not None else None

    @override
    def parts(self, name: str, kind: type[_Part], absent: tuple[_Part, ...] | None) -> tuple[_Part, ...]:
        return self.fields.each(name, lambda fields, path, item: _read(kind, fields.enter(_full(kind, item), path)))

    @override
    def named(self, name: str, kind: type[_Part], absent: Mapping[str, _Part] | None) -> dict[str, _Part]:
        inner = self.fields.mapping(name)
        found = {key: _read(kind, inner.mapping(key)) for key in inner.raw}
        return {key: part for key, part in found.items() if part is not None}


def _full(kind: type, item: Value) -> Value:
    if isinstance(item, str) and kind in _SHORT:
        return {_SHORT[kind]: item}
    return item


def _read(kind: type[_Part], fields: Fields) -> _Part | None:
    given = {name: value for name, value in fields.raw.items() if value is not None}
    fields = replace(fields, raw={**_DEFAULTS.get(kind, {}), **given})
    check: Callable[[Fields, Any], _Part | None] = _CHECKS[kind]
    return check(fields, read(kind, ReleaseSource(fields=fields)))


def _provider(fields: Fields, part: release.Provider) -> release.Provider | None:
    return part if fields.required("name") else None


def _extension(fields: Fields, part: release.Extension) -> release.Extension | None:
    wanted = parts.release_id(fields, "release_id", fields.required("release_id"))
    return None if wanted is None else replace(part, release_id=str(wanted))


def _consumer(fields: Fields, part: release.Consumer) -> release.Consumer:
    name = fields.required("name")
    return replace(part, variable=part.variable or name)


def _dependency(fields: Fields, part: release.Dependency) -> release.Dependency | None:
    wanted = parts.release_id(fields, "release_id", fields.required("release_id"))
    if wanted is None:
        return None
    variable = part.variable or wanted.unit
    return replace(part, release_id=str(wanted), variable=variable, deployment_name=part.deployment_name or variable)


def _download(fields: Fields, part: release.Download) -> release.Download:
    parts.inside(fields, "dest", fields.required("dest"))
    fields.required("url")
    return part


def _variable(fields: Fields, part: release.Variable) -> release.Variable:
    fields.required("id")
    return part


def _stage(fields: Fields, part: release.ReleaseStage) -> release.ReleaseStage:
    if part.script and not (part.cmd or part.inline):
        parts.inside(fields, "script", part.script)
    return part


def _errand(fields: Fields, part: release.Errand) -> release.Errand:
    if part.script:
        parts.inside(fields, "script", part.script)
    return part


def _template(fields: Fields, part: release.Template) -> release.Template:
    for key in ("file", "target"):
        parts.inside(fields, key, fields.required(key))
    return part


_CHECKS: Mapping[type, Callable[[Fields, Any], Any]] = MappingProxyType(
    {
        release.Consumer: _consumer,
        release.Dependency: _dependency,
        release.Download: _download,
        release.Errand: _errand,
        release.Extension: _extension,
        release.Provider: _provider,
        release.ReleaseStage: _stage,
        release.Template: _template,
        release.Variable: _variable,
    }
)
