"""A log as WebSocket messages: JSON texts of limited size."""

import json
from collections.abc import Iterator, Sequence

from chalicelib.use_cases.ports.logs import Chunk
from slipway_formats.frozen import frozen

LARGEST = 100_000
"""Bytes. API Gateway carries 128 KB in a message."""

OPENING = 1
"""Bytes before the first piece: a bracket."""


@frozen
class LogMessage:
    """One message. after: seq of the last chunk that is complete with this message and those before it."""

    text: str
    after: int


def messages(chunks: Sequence[Chunk], largest: int = LARGEST) -> Iterator[LogMessage]:
    """Yield the chunks in order in as few messages as possible; a chunk over the size is split into numbered parts."""
    held: list[str] = []
    room, after = 0, chunks[0].seq - 1 if chunks else 0
    for chunk in chunks:
        pieces = _pieces(chunk, largest)
        if held and (len(pieces) > 1 or _size(pieces[0]) > room):
            yield LogMessage(text=_array(held), after=after)
            held, room = [], 0
        for piece in pieces[:-1]:
            yield LogMessage(text=_array([piece]), after=after)
        room = (room if held else largest - OPENING) - _size(pieces[-1])
        held.append(pieces[-1])
        after = chunk.seq
    if held:
        yield LogMessage(text=_array(held), after=after)


def end_message(head: int) -> str:
    """Return the message that says that the log is sealed. head: seq of its last chunk."""
    return _json({"head": head, "sealed": True})


def _pieces(chunk: Chunk, largest: int) -> list[str]:
    """Return the chunk as JSON; if too long, in parts of which all but the last say that there is more."""
    fields = {"seq": chunk.seq, "at": chunk.at.isoformat().replace("+00:00", "Z"), "stream": chunk.stream}
    whole = _json({**fields, "text": chunk.text})
    if _size(whole) <= largest - OPENING:
        return [whole]
    # A character is at most six bytes of JSON; what stands around it is under a kilobyte.
    length = max((largest - 1000) // 6, 1)
    texts = [chunk.text[start : start + length] for start in range(0, len(chunk.text), length)]
    return [
        _json({**fields, "text": text, "part": number, "more": number < len(texts)})
        for number, text in enumerate(texts, 1)
    ]


def _array(pieces: Sequence[str]) -> str:
    return f"[{','.join(pieces)}]"


def _size(piece: str) -> int:
    """Return the bytes, with the comma or bracket that follows."""
    return len(piece.encode()) + 1


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
