"""Records of the catalog as items: attributes for indexes, all else in one compact body, squeezed when it is large."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any, TypeVar
from zlib import compress, decompress

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.faults import TooLarge
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item, size

SQUEEZED_FROM = 1024
"""Bytes of a body."""

LARGEST_ITEM = 390_000
"""Bytes; DynamoDB takes 400 KB."""

Record = TypeVar("Record")


def item_of(key: Key, kind: Any, record: object, **attributes: str | int) -> Item:  # noqa: ANN401 - a declared type
    """The item of a record. kind: its declared type, which may be a union. Faults: TooLarge."""
    text = json.dumps(encode(kind, record), separators=(",", ":"), ensure_ascii=False).encode()
    body = compress(text, 6) if len(text) > SQUEEZED_FROM else text
    item = {"pk": key.pk, "sk": key.sk, "body": body, **attributes}
    if size(item) > LARGEST_ITEM:
        raise TooLarge(f"{key.sk} takes {size(item)} bytes, more than {LARGEST_ITEM}")
    return item


def record_of(kind: Any, item: Item) -> Any:  # noqa: ANN401 - a declared type, and one of its records
    """The record of an item. kind: as it was stored by."""
    body = item["body"]
    # No JSON begins with zlib's first byte.
    text = decompress(body) if body[:1] == b"\x78" else body
    return decode(kind, json.loads(text))


def token_of(*items: Item) -> str:
    """What makes sending these items twice one sending: they say under which version they were written."""
    digest = sha256(repr([sorted(item.items()) for item in items]).encode()).digest()
    return b64encode(digest, altchars=b"-_").decode()[:36]
