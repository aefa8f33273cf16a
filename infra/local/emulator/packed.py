"""Items at rest, packed: a tenth of the memory of an item as Python holds it, unpacked anew by whoever reads one.

What was written lately stays as it is, for it will be read soon. Packed items are also what a snapshot holds of them.
"""

import json
import zlib
from collections import deque
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Any, cast

Item = dict[str, Any]

FORM = b"\x01"
"""Before what was packed with WORDS. A packed item without it is JSON."""
WORDS = (
    b'"},"owner":{"S":"project#","requested_by":{"S":"trigger":{"M":{"until":{"N":"attempts":{"N":"1"},"environment":{"S"'
    b'"began":{"BOOL":true},"due_at":{"N":"due_shard":{"S":"definition":{"S":"project":{"S":"expires_at":{"N":"17'
    b'"created_at":{"S":"20","ended_at":{"S":"20","started_at":{"S":"20","at":{"S":"20","+00:00"},"phase":{"S":"succeeded"}'
    b'"number":{"N":"version":{"N":"commit":{"S":"run":{"S":"record":{"S":"{"body":{"S":"{"job#run#plan#{"pk":{"S":"run#'
    b'"},"sk":{"S":"run"}{"pk":{"S":"plan#"},"sk":{"S":"plan"},"sk":{"S":"job#'
)
"""What items are full of, for zlib to begin with. It is part of the form: another text needs another FORM."""


def packed(item: Mapping[str, Any] | bytes) -> bytes:
    """Return an item as few bytes. item: as it is, or as JSON, or packed."""
    if type(item) is bytes and item.startswith(FORM):
        return item
    press = zlib.compressobj(6, zlib.DEFLATED, -13, 6, zdict=WORDS)
    return FORM + press.compress(item if isinstance(item, bytes) else as_json(item)) + press.flush()


def unpacked(content: bytes) -> Item:
    """Return the item that was packed."""
    if content.startswith(FORM):
        content = zlib.decompressobj(-13, zdict=WORDS).decompress(content[1:])
    return cast(Item, json.loads(content))


def as_json(item: Mapping[str, Any]) -> bytes:
    """Return an item as JSON without spaces."""
    return json.dumps(item, separators=(",", ":")).encode()


class Partition(dict[str, Any]):
    """The items of a partition by their sort key, some of them packed. It reads as if none were."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - an item
        """Return an item."""
        found = super().__getitem__(key)
        return unpacked(found) if type(found) is bytes else found

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - an item, or the default
        """Return an item, or the default."""
        found = super().get(key, default)
        return unpacked(found) if type(found) is bytes else found

    def pop(self, key: str, *default: Any) -> Any:  # noqa: ANN401 - an item, or the default
        """Remove an item and return it."""
        found = super().pop(key, *default)
        return unpacked(found) if type(found) is bytes else found

    def values(self) -> ValuesView[Any]:  # type: ignore[override]  # a list; ministack only walks over it
        """Return all items."""
        return cast(ValuesView[Any], [self[key] for key in self])

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]  # a list; ministack only walks over it
        """Return all sort keys with their items."""
        return cast(ItemsView[str, Any], [(key, self[key]) for key in self])

    def at_rest(self) -> Iterator[tuple[str, bytes]]:
        """Yield each sort key with its item, packed."""
        for key, found in super().items():
            yield key, packed(found)

    def pack(self, key: str, item: Item | bytes) -> None:
        """Pack the item under this key, if it is still this one."""
        if super().get(key) is item:
            self[key] = packed(item)


class Resting:
    """Items that were written, on their way to being packed. rest: seconds that an item stays as it is."""

    def __init__(self, rest: float) -> None:
        self._rest = rest
        self._written: deque[tuple[float, Partition, str, Item | bytes]] = deque()

    def written(self, partition: Partition, key: str, item: Item | bytes, now: float) -> None:
        """Note an item that was just written. item: as it stands in the partition."""
        self._written.append((now + self._rest, partition, key, item))

    def pack(self, most: int, now: float) -> int:
        """Pack those that have rested; return how many, at most so many."""
        done = 0
        while done < most and self._written and self._written[0][0] <= now:
            _, partition, key, item = self._written.popleft()
            partition.pack(key, item)
            done += 1
        return done
