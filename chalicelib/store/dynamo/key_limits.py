"""How long DynamoDB takes keys to be: whatever is named by more is not there, and cannot be.

Source: the guide's "Quotas in Amazon DynamoDB": 1 to 2048 bytes of a partition key, 1 to 1024 of a sort key, the same
for those of an index. Asking with more is an error of the service, which would be one of ours.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.faults import Invalid
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item

LONGEST_HASH, LONGEST_RANGE = 2048, 1024
"""Bytes."""

HASHES = frozenset({"pk", "first", "second", "due_shard", "definition", "project", "train", "pool", "nonce"})
"""Partition keys of the tables and their indexes: schema.py, which is too heavy to be read here."""

RANGES = frozenset({"sk", "first_key", "second_key", "run", "waits_since"})
"""Sort keys that are texts, likewise."""

OWN = frozenset({"pk", "sk"})
"""Those that every item has: the others may be empty where they are keys of nothing."""


def fits(key: Key) -> bool:
    """Whether an item of this key can be."""
    return _misfit(key._asdict()) is None


def may_match(asked: Iterable[Mapping[str, Any]]) -> bool:
    """Whether keys can be what a query asks for. asked: the values of its condition on keys, partition key first."""
    return all(
        _is_within(value.get("S"), LONGEST_RANGE if place else LONGEST_HASH) for place, value in enumerate(asked)
    )


def names_a_place(item: Item) -> bool:
    """Whether the keys of the item, or of the start of a page, can be."""
    return _misfit(item) is None


def checked(item: Item) -> Item:
    """The item or key, if its keys can be. Faults: Invalid."""
    limit = _misfit(item)
    if limit is not None:
        raise Invalid.single("", f"a name is empty or too long: what is stored under it takes 1 to {limit} bytes")
    return item


def _misfit(item: Item) -> int | None:
    """The limit that one of the keys breaks; nothing when all can be."""
    for name, value in item.items():
        limit = LONGEST_HASH if name in HASHES else LONGEST_RANGE if name in RANGES else None
        if limit is not None and not (_is_within(value, limit) and (value or name not in OWN)):
            return limit
    return None


def _is_within(value: object, limit: int) -> bool:
    # A letter takes up to four bytes: only long texts are worth counting.
    if not isinstance(value, str) or len(value) * 4 <= limit:
        return True
    return len(value.encode("utf-8", "surrogatepass")) <= limit
