"""Records as one attribute of an item, to it and back. What else an item holds is for keys, indexes and conditions."""

import json
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib.kernel.codec import EPOCH, decode, encode
from chalicelib.store.dynamo.items import Item

Record = TypeVar("Record")
RECORD = "record"


def written(record: object) -> str:
    """The record as text; equal records give equal texts."""
    return json.dumps(encode(type(record), record), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(kind: type[Record], item: Item) -> Record:
    """The record that stands in an item."""
    return decode(kind, json.loads(item[RECORD]))


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
