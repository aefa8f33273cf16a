"""Decode JSON objects as Go's encoding/json does: keys in any case, unknown keys ignored, null as absent, its
messages.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from chalicelib.dialects.inventory.go_json.read import GoError
from slipway_formats import release
from slipway_formats.frozen import frozen
from slipway_formats.override import override
from slipway_formats.release_reader import Source, read

Record = TypeVar("Record")

STRUCTS: Mapping[type, str] = MappingProxyType(
    {
        release.Consumer: "core.ConsumerConfig",
        release.Dependency: "core.DependencyConfig",
        release.Download: "core.DownloadConfig",
        release.Errand: "core.Errand",
        release.Extension: "core.ExtensionConfig",
        release.Provider: "core.ProviderConfig",
        release.ReleaseStage: "core.ExecStage",
        release.Template: "templates.Template",
        release.Variable: "variables.Variable",
    }
)
"""Go's struct names of the parts of a release."""


@frozen
class Fields(Source):
    """Fields of a JSON object. struct: name of the Go struct. path: field names that lead to this object.

    A list or map that is null is None, apart from a missing one.
    """

    struct: str
    path: tuple[str, ...]
    values: Mapping[str, object]

    @override
    def text(self, name: str, absent: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return absent
        if not isinstance(value, str):
            raise self._mismatch(value, name, "string")
        return value

    @override
    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._mismatch(value, name, "bool")
        return bool(value)

    @override
    def whole(self, name: str, absent: int) -> int:
        value = self.values.get(name)
        if value is None:
            return absent
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
            raise self._mismatch(value, name, "int")
        return value

    @override
    def free(self, name: str) -> object:
        return self.values.get(name)

    @override
    def texts(self, name: str, absent: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
        found = self._list(name, "[]string")
        if found is None:
            return None if name in self.values else absent
        return tuple(self._text_in(value, name) for value in found)

    @override
    def text_map(self, name: str, absent: Mapping[str, str] | None = None) -> Mapping[str, str] | None:
        found = self._map(name, "map[string]string")
        if found is None:
            return None if name in self.values else absent
        return {key: "" if value is None else self._text_in(value, name) for key, value in found.items()}

    @override
    def free_map(self, name: str) -> Mapping[str, object] | None:
        return self._map(name, "map[string]interface {}")

    @override
    def part(self, name: str, kind: type[Record]) -> Record | None:
        value = self.values.get(name)
        return None if value is None else read(kind, self._inner(value, name, STRUCTS[kind]))

    @override
    def parts(self, name: str, kind: type[Record], absent: tuple[Record, ...] | None) -> tuple[Record, ...] | None:
        found = self._list(name, f"[]*{STRUCTS[kind]}")
        if found is None:
            return None if name in self.values else absent
        return tuple(read(kind, self._inner(value, name, STRUCTS[kind])) for value in found)

    @override
    def named(self, name: str, kind: type[Record], absent: Mapping[str, Record] | None) -> Mapping[str, Record] | None:
        found = self._map(name, f"map[string]*{STRUCTS[kind]}")
        if found is None:
            return None if name in self.values else absent
        return {key: read(kind, self._inner(value, name, STRUCTS[kind])) for key, value in found.items()}

    def _list(self, name: str, kind: str) -> list[object] | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, list):
            raise self._mismatch(value, name, kind)
        return value

    def _map(self, name: str, kind: str) -> dict[str, object] | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._mismatch(value, name, kind)
        return value

    def _text_in(self, value: object, name: str) -> str:
        if not isinstance(value, str):
            raise self._mismatch(value, name, "string")
        return value

    def _inner(self, value: object, name: str, struct: str) -> "Fields":
        if not isinstance(value, dict):
            raise self._mismatch(value, name, struct)
        return Fields(struct=struct.rpartition(".")[2], path=(*self.path, name), values=_folded(value))

    def _mismatch(self, value: object, name: str, kind: str) -> GoError:
        place = ".".join((self.struct, *self.path, name))
        return GoError(f"json: cannot unmarshal {_kind(value, kind)} into Go struct field {place} of type {kind}")


def fields_of(value: object, struct: str) -> Fields:
    """Return the fields of a whole body; null has none. Faults: GoError."""
    if value is not None and not isinstance(value, dict):
        raise GoError(f"json: cannot unmarshal {_kind(value)} into Go value of type {struct}")
    return Fields(struct=struct.rpartition(".")[2], path=(), values=_folded(value or {}))


def _folded(value: Mapping[str, object]) -> Mapping[str, object]:
    return {name.casefold(): inner for name, inner in value.items()}


def _kind(value: object, wanted: str = "") -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int() | float():
            return f"number {value}" if wanted == "int" else "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
