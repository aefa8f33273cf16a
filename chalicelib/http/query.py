"""Read query parameters one by one, checking their format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Field

from chalicelib.http.instant import read_instant, utc
from chalicelib.http.shape import LenientShape
from chalicelib.kernel.faults import Invalid

TRUE = frozenset({"true", "1", "yes", "on"})
FALSE = frozenset({"false", "0", "no", "off"})


class PagedQuery(LenientShape):
    """A page of a list. page_from: `next` of the page before."""

    page_size: int = Field(default=50, ge=1, le=200)
    page_from: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Query parameters: the values of each name, in the order sent.

    declared: names that the row documents; None if it need not.
    """

    values: Mapping[str, tuple[str, ...]]
    # Its repr stands in the fingerprints of requests with an Idempotency-Key, which have to stay as they were.
    declared: frozenset[str] | None = field(repr=False)

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a name. Raises LookupError for one that the row does not document."""
        if self.declared is not None and name not in self.declared:
            raise LookupError(f"{name} is in no `query` of the row's schema, which the documentation tells")
        return self.values.get(name, ())

    def text(self, name: str) -> str | None:
        """Return the value of a name, or None. Faults: Invalid when it is given more than once."""
        given = self.every(name)
        if len(given) > 1:
            raise Invalid.single(name, "is given more than once")
        return given[0] if given else None

    def needed(self, name: str) -> str:
        """Return the non-empty value of a name. Faults: Invalid."""
        given = self.text(name)
        if not given:
            raise Invalid.single(name, "is required")
        return given

    def flag(self, name: str) -> bool:
        """Return a boolean; a name without a value is True. Faults: Invalid."""
        given = self.text(name)
        if given is None or given.lower() in FALSE:
            return False
        if given == "" or given.lower() in TRUE:
            return True
        raise Invalid.single(name, "should be true or false")

    def instant(self, name: str) -> datetime | None:
        """Return an instant in UTC, or None; also for one beyond the calendar. Faults: Invalid."""
        given = self.text(name)
        if not given:
            return None
        try:
            return utc(read_instant(given))
        except ValueError as error:
            raise Invalid.single(name, str(error)) from error

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        """Return an integer from `least` to `most`. Faults: Invalid."""
        given = self.text(name)
        if given is None or given == "":
            return default
        if not (given.isascii() and given.removeprefix("-").isdigit() and len(given) <= 18):
            raise Invalid.single(name, "should be a whole number")
        if not least <= int(given) <= most:
            raise Invalid.single(name, f"should be from {least} to {most}")
        return int(given)
