"""Batches of log chunks as plain JSON, in an item or in the object of a sealed log."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.packing import unpacked_json
from chalicelib.store.runs.keys import SEQ_PREFIX
from chalicelib.use_cases.ports.runs import Chunk

LARGEST_BATCH = 96_000
"""Bytes of text in one item. With the largest possible items, one page of a query would be a megabyte."""

Plain = list[tuple[int, str, str]]


def split(chunks: Sequence[Chunk]) -> list[list[Chunk]]:
    """Split chunks into batches that fit an item each. A chunk over the limit is a batch of its own."""
    parts: list[list[Chunk]] = []
    room = 0
    for chunk in chunks:
        length = len(chunk.text.encode())
        if length > room or not parts:
            parts.append([])
            room = LARGEST_BATCH
        parts[-1].append(chunk)
        room -= length
    return parts


def plain_chunks(chunks: Sequence[Chunk]) -> Plain:
    """Return the chunks without their numbers, which follow from the number of the last."""
    return [(milliseconds(chunk.at), chunk.stream, chunk.text) for chunk in chunks]


def chunks_of(item: Item) -> Iterator[Chunk]:
    """Yield the chunks of an item, which is stored under the number of its last chunk."""
    plain: list[Any] = unpacked_json(item["chunks"])
    first = int(item["sk"].removeprefix(SEQ_PREFIX)) - len(plain) + 1
    return numbered(plain, first)


def numbered(plain: Sequence[Any], first: int) -> Iterator[Chunk]:
    """Yield chunks from plain values, numbered from `first`."""
    for seq, (at, stream, text) in enumerate(plain, first):
        yield Chunk(seq=seq, at=instant(at), stream=stream, text=text)
