"""The query of a request: names with all their values, read one by one or as a shape."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.faults import Invalid

TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})


@dataclass(frozen=True, slots=True)
class Query:
    """The values of each name, in the order in which they came."""

    values: Mapping[str, tuple[str, ...]]

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return self.values.get(name, ())

    def text(self, name: str) -> str | None:
        """The one value of a name, if it has one. Faults: Invalid, when it was given more than once."""
        given = self.every(name)
        if len(given) > 1:
            raise Invalid.single(name, "is given more than once")
        return given[0] if given else None

    def needed(self, name: str) -> str:
        """The one value of a name, which is not empty. Faults: Invalid."""
        given = self.text(name)
        if not given:
            raise Invalid.single(name, "is required")
        return given

    def flag(self, name: str) -> bool:
        """Whether a name says yes; a name without a value does. Faults: Invalid."""
        given = self.text(name)
        if given is None or given.lower() in FALSE:
            return False
        if given == "" or given.lower() in TRUE:
            return True
        raise Invalid.single(name, "should be true or false")

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """The number that a name gives, within its bounds. Faults: Invalid."""
        given = self.text(name)
        if given is None or given == "":
            return default
        if not (given.isascii() and given.removeprefix("-").isdigit() and len(given) <= 18):
            raise Invalid.single(name, "should be a whole number")
        if not least <= int(given) <= most:
            raise Invalid.single(name, f"should be from {least} to {most}")
        return int(given)
