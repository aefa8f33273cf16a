"""Length limits of DynamoDB keys. An item whose key would exceed them cannot exist: reads find nothing, writes are
Invalid.

Source: the guide's "Quotas in Amazon DynamoDB": 1 to 2048 bytes for a partition key, 1 to 1024 for a sort key, the same
in indexes. DynamoDB answers longer keys with a validation error, which callers would see as a server error.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.kernel.faults import Invalid
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item

LONGEST_HASH, LONGEST_RANGE = 2048, 1024
"""Bytes."""

HASHES = frozenset({"pk", "first", "second", "due_shard", "definition", "project", "train", "pool", "nonce", "listing"})
"""Partition keys of the tables and their indexes. Repeated here because importing schema.py is slow."""

RANGES = frozenset({"sk", "first_key", "second_key", "run", "waits_since"})
"""String sort keys, likewise."""

OWN = frozenset({"pk", "sk"})
"""Primary keys, which every item has and which must not be empty. Index keys may be."""


def fits(key: Key) -> bool:
    """Return True if the key is within the limits, so that an item with it can exist."""
    return _exceeded_limit(key._asdict()) is None


def may_match(values: Iterable[Mapping[str, Any]]) -> bool:
    """Return False if the values of a query are too long for any key. values: partition key first."""
    return all(
        _is_within(value.get("S"), LONGEST_RANGE if place else LONGEST_HASH) for place, value in enumerate(values)
    )


def names_a_place(item: Item) -> bool:
    """True when the keys of an item, or of a page's start key, are within the limits."""
    return _exceeded_limit(item) is None


def checked(item: Item) -> Item:
    """Return the item or key if its keys are within the limits. Faults: Invalid."""
    limit = _exceeded_limit(item)
    if limit is not None:
        raise Invalid.single("", f"a name is empty or too long: what is stored under it takes 1 to {limit} bytes")
    return item


def _exceeded_limit(item: Item) -> int | None:
    """Return the limit in bytes that a key exceeds, or None."""
    for name, value in item.items():
        limit = LONGEST_HASH if name in HASHES else LONGEST_RANGE if name in RANGES else None
        if limit is not None and not (_is_within(value, limit) and (value or name not in OWN)):
            return limit
    return None


def _is_within(value: object, limit: int) -> bool:
    # A character takes up to four bytes: only long texts need encoding to be measured.
    if not isinstance(value, str) or len(value) * 4 <= limit:
        return True
    return len(value.encode("utf-8", "surrogatepass")) <= limit
