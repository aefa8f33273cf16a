"""Records as one attribute of an item, to it and back. What else an item holds is for keys, indexes and conditions."""

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
"""Names of that attribute: STATE in the table `runs`, BODY in `projects`, RECORD elsewhere. As 0.1 wrote them."""

LARGEST_ITEM = 390_000
"""Bytes; DynamoDB takes 409,600."""


def item_of(
    key: Key,
    kind: Any,  # noqa: ANN401 - a declared type
    record: object,
    thing: str,
    *,
    under: str = RECORD,
    **attributes: Value,
) -> dict[str, Any]:
    """The item of a record. kind: its declared type, which may be a union. thing: as faults call it. Faults: TooLarge.

    attributes: for indexes and conditions; those that are None are left out.
    """
    item = {**key._asdict(), under: packed(kind, record), **attributes}
    if size(item) > LARGEST_ITEM:
        raise TooLarge(f"{thing} outgrows its record: {size(item)} bytes, at most {LARGEST_ITEM}")
    return item


def record_of(kind: Any, item: Item) -> Any:  # noqa: ANN401 - a declared type, and one of its records
    """The record that stands in an item. kind: as it was stored by."""
    return unpacked(kind, next(item[name] for name in (RECORD, STATE, BODY) if name in item))


def expiry(at: datetime) -> int:
    """An instant as DynamoDB takes it for letting an item go: seconds since 1970, not before the instant."""
    return -((EPOCH - at) // timedelta(seconds=1))


class Recent(Generic[Record]):
    """What was read lately, for a short while. What is not there is not remembered."""

    def __init__(self, now: Callable[[], datetime], *, kept: timedelta, most: int = 2000) -> None:
        self._now = now
        self._kept = kept
        self._most = most
        self._found: dict[Hashable, tuple[datetime, Record]] = {}

    def get(self, key: Hashable, read: Callable[[], Record | None]) -> Record | None:
        """What was read lately, or what is read now."""
        now = self._now()
        at, record = self._found.get(key, (None, None))
        if at is not None and at <= now < at + self._kept:
            return record
        fresh = read()
        if fresh is None:
            self.forget(key)
            return None
        if len(self._found) >= self._most:
            self._found.clear()
        self._found[key] = (now, fresh)
        return fresh

    def forget(self, key: Hashable) -> None:
        """Read it anew next time."""
        self._found.pop(key, None)
