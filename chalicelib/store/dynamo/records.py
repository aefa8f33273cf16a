"""Store a record in one attribute of an item. The other attributes serve keys, indexes and conditions."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.faults import TooLarge
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item, Value, size
from chalicelib.store.dynamo.packing import packed, unpacked

Record = TypeVar("Record")
RECORD, STATE, BODY = "record", "state", "body"
"""Names of that attribute, as version 0.1 wrote them: STATE in the table `runs`, BODY in `projects`, RECORD elsewhere.
"""

LARGEST_ITEM = 390_000
"""Bytes; DynamoDB's limit is 409,600."""


def item_of(
    key: Key,
    kind: Any,  # noqa: ANN401 - a declared type
    record: object,
    thing: str,
    *,
    under: str = RECORD,
    **attributes: Value,
) -> dict[str, Any]:
    """Return the item of a record. Faults: TooLarge.

    kind: its declared type, which may be a union. thing: its name in fault messages. attributes: for indexes and
    conditions; those that are None are not written.
    """
    item = {**key._asdict(), under: packed(kind, record), **attributes}
    if size(item) > LARGEST_ITEM:
        raise TooLarge(f"{thing} outgrows its record: {size(item)} bytes, at most {LARGEST_ITEM}")
    return item


def record_of(kind: Any, item: Item) -> Any:  # noqa: ANN401 - a declared type, and one of its records
    """Return the record in an item. kind: the type that it was stored with."""
    for name in (RECORD, STATE, BODY):
        if name in item:
            return unpacked(kind, item[name])
    raise LookupError(f"an item without a {RECORD}: {sorted(item)}")


def expiry(at: datetime) -> int:
    """Return a timestamp in DynamoDB's TTL format: seconds since 1970, rounded up."""
    return -((EPOCH - at) // timedelta(seconds=1))


class Recent(Generic[Record]):
    """Cache recent reads for a short time. Missing records are not cached."""

    def __init__(self, now: Callable[[], datetime], *, kept: timedelta, most: int = 2000) -> None:
        self._now = now
        self._kept = kept
        self._most = most
        self._found: dict[Hashable, tuple[datetime, Record]] = {}

    def get(self, key: Hashable, read: Callable[[], Record | None]) -> Record | None:
        """Return the cached record, or read and cache it."""
        now = self._now()
        at, record = self._found.get(key, (None, None))
        if at is not None and at <= now < at + self._kept:
            return record
        fresh = read()
        if fresh is None:
            self.drop(key)
            return None
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[key] = (now, fresh)
        return fresh

    def drop(self, key: Hashable) -> None:
        """Remove a key from the cache."""
        self._found.pop(key, None)


class LastSaved(Generic[Record]):
    """Remember records as this process last saved them. most: how many; with 0 it remembers nothing.

    Other processes may have changed them since: only a conditional write tells.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._saved: dict[str, Record] = {}

    def keep(self, name: str, record: Record) -> None:
        """Remember a record that was just saved."""
        if name not in self._saved and len(self._saved) >= self._most:
            self._saved.clear()
        if self._most:
            self._saved[name] = record

    def kept(self, name: str) -> Record | None:
        """Return the record as it was last saved here, if it is remembered."""
        return self._saved.get(name)

    def drop(self, name: str) -> None:
        """Forget a record that has changed, or that nobody changes any more."""
        self._saved.pop(name, None)
