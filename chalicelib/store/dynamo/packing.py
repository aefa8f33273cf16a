"""Encode records as bytes for an item: compact JSON, compressed when it is long enough to gain from it."""

import json
import zlib
from typing import Any, TypeVar

from chalicelib.kernel.codec import decode, encode

COMPRESSED_FROM = 1024
LEVEL = 9
"""zlib level. At 3 a run of 50 steps (5.6 KB) becomes 694 bytes in 11 us, at 6 it is 639 in 22. With what they were
given, runs are over the kilobyte of a write unit the later, the smaller they are: 50 steps take 126 units at 6, 124 at
9."""

ZLIB_MARK = 0x78
T = TypeVar("T")


def packed(kind: Any, value: object) -> bytes:  # noqa: ANN401 - any type that the codec knows
    """Encode a value of type `kind` as bytes."""
    return packed_json(encode(kind, value))


def unpacked(kind: type[T], held: bytes | str) -> T:
    """Decode a value of type `kind`."""
    return decode(kind, unpacked_json(held))


def packed_json(plain: object) -> bytes:
    """Encode plain JSON values as bytes."""
    text = json.dumps(plain, separators=(",", ":")).encode()
    return zlib.compress(text, LEVEL) if len(text) > COMPRESSED_FROM else text


def unpacked_json(held: bytes | str) -> Any:  # noqa: ANN401 - whatever was packed
    """Decode JSON, compressed by zlib or plain: the first byte tells which. Version 0.1 stored some values as text."""
    if isinstance(held, bytes):
        # Decoded here: of bytes json.loads would guess the encoding first.
        held = (zlib.decompress(held) if held[0] == ZLIB_MARK else held).decode()
    return json.loads(held)
