"""A log as the bytes of one file, whole or a range of them: as much as one answer carries."""

from collections.abc import Iterator

from chalicelib.kernel.faults import TooLarge
from chalicelib.use_cases.logs.read_log import MOST_CHUNKS
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LARGEST_RAW = 4 * 1024 * 1024
"""Bytes of an answer: as base64 they are a third more, of the 6 MB that a function may send."""


@frozen
class ByteRange:
    """A range of bytes as it is asked for. first: None for the last `last` bytes. last: inclusive; None to the end."""

    first: int | None = None
    last: int | None = None


@frozen
class ReadRawLog:
    """Query: a log as a file. part: None for all of it."""

    log: str
    part: ByteRange | None = None


@frozen
class RawLog:
    """Bytes of a log. part: as of the query. first: where they begin. size: of the log; None if not looked for.

    Without bytes where the part begins behind the end.
    """

    log: str
    part: ByteRange | None
    content: bytes
    first: int = 0
    size: int | None = None


def read_raw_log(ports: Ports, query: ReadRawLog) -> RawLog:
    """Return a log, or the beginning of the part that is asked for. Faults: TooLarge where no part is asked for."""
    if query.part is None:
        whole = _cut(ports, query, 0, LARGEST_RAW + 1)
        if len(whole.content) > LARGEST_RAW:
            raise TooLarge(f"the log has over {LARGEST_RAW} bytes: ask for parts of it, such as `Range: bytes=0-`")
        return whole
    first, last = query.part.first, query.part.last
    if first is None:
        size = sum(len(piece) for piece in _pieces(ports, query.log))
        return _cut(ports, query, max(0, size - (last or 0)), LARGEST_RAW)
    return _cut(ports, query, first, LARGEST_RAW if last is None else min(LARGEST_RAW, last - first + 1))


def _cut(ports: Ports, query: ReadRawLog, first: int, most: int) -> RawLog:
    """Return up to `most` bytes from `first` on. All that is before them is read too, but not kept."""
    found, passed = bytearray(), 0
    for piece in _pieces(ports, query.log):
        found += piece[max(0, first - passed) :]
        passed += len(piece)
        if len(found) >= most:
            return RawLog(log=query.log, part=query.part, content=bytes(found[:most]), first=first)
    return RawLog(log=query.log, part=query.part, content=bytes(found), first=first, size=passed)


def _pieces(ports: Ports, log: str) -> Iterator[bytes]:
    after = 0
    while chunks := ports.logs.read(log, after, MOST_CHUNKS):
        yield from (chunk.text.encode("utf-8", "surrogatepass") for chunk in chunks)
        after = chunks[-1].seq
