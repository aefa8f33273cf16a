"""Batches of log chunks as plain JSON, in an item or in the object of a sealed log."""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.packing import unpacked_json
from chalicelib.store.runs.keys import OF_FIRST, SEQ_PREFIX
from chalicelib.use_cases.ports.logs import Chunk

Plain = list[tuple[int, str, str]]


def plain_chunks(chunks: Sequence[Chunk]) -> Plain:
    """Return the chunks without their numbers, which follow from the number of the last."""
    return [(milliseconds(chunk.at), chunk.stream, chunk.text) for chunk in chunks]


def is_of_own_object(item: Item) -> bool:
    """Return True if the chunks of a batch are in an object."""
    return "object" in item


def first_of(item: Item) -> int:
    """Return the number of the first chunk of a batch. Of one that 0.1 stored by its last, that may be in it: 0."""
    number = str(item["sk"]).removeprefix(SEQ_PREFIX)
    return int(number.removesuffix(OF_FIRST)) if number.endswith(OF_FIRST) else 0


def chunks_of(item: Item) -> Iterator[Chunk]:
    """Yield the chunks of an item; none of one that seals a log."""
    plain: list[Any] = unpacked_json(item["chunks"]) if "chunks" in item else []
    first = first_of(item) or int(item["sk"].removeprefix(SEQ_PREFIX)) - len(plain) + 1
    return numbered(plain, first)


def measured(chunks: Sequence[Chunk]) -> dict[str, Any]:
    """Return what the item of a batch says of its lines: how many end in it, and whether its last one does not."""
    text = "".join(chunk.text for chunk in chunks)
    return {"lines": text.count("\n"), **({"cut": not text.endswith("\n")} if text else {})}


def lines_of(items: Sequence[Item]) -> int | None:
    """Return how many lines a log of these batches has; None if one does not say it."""
    if any("lines" not in item for item in items):
        return None
    cuts = [bool(item["cut"]) for item in items if "cut" in item]
    return sum(int(item["lines"]) for item in items) + int(bool(cuts) and cuts[-1])


def numbered(plain: Sequence[Any], first: int) -> Iterator[Chunk]:
    """Yield chunks from plain values, numbered from `first`."""
    for seq, (at, stream, text) in enumerate(plain, first):
        yield Chunk(seq=seq, at=instant(at), stream=stream, text=text)
