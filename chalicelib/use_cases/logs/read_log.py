"""The log of a run: the logs of its attempts, one after the other, numbered throughout."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk, Length
from slipway_formats.frozen import frozen

MOST_CHUNKS = 1000
AT_ONCE = 100
"""Chunks that are read by one call: of 64 KB at most."""

LARGEST_TEXT = 500_000
"""Characters of a log in one answer: as six bytes each, as JSON may write one, they fit in what is sent."""


def logs_of_run(ports: Ports, run_id: str) -> Sequence[str]:
    """Return the logs of a run in order; before its first job the log named after the run."""
    return [job.id for job in ports.jobs.of_run(run_id)] or [run_id]


def read_run_log(ports: Ports, run_id: str, after: int) -> Sequence[Chunk]:
    """Return the chunks after `after`, in order, without gaps, as many as fit into an answer."""
    found: list[Chunk] = []
    before = 0
    for log in logs_of_run(ports, run_id):
        head = ports.logs.head(log)
        rest = ReadLog(log=log, after=max(after - before, 0), limit=MOST_CHUNKS - len(found))
        own = _forward(ports, rest, LARGEST_TEXT - _size(found))
        found += (replace(chunk, seq=chunk.seq + before) for chunk in own)
        before += head
        if found and found[-1].seq < before:
            return found
    return found


def seal_run_log(ports: Ports, run_id: str) -> None:
    """Seal the log of a run, so that nothing more can be appended; it is idempotent."""
    for log in logs_of_run(ports, run_id):
        ports.logs.seal(log)


@frozen
class ReadLog:
    """Query: a part of a log. after: seq of the last chunk the client has.

    before: seq of the first one that it has, from which on it reads back; 0 from the end. counts: the log's lines too.
    """

    log: str
    after: int = 0
    before: int | None = None
    limit: int = MOST_CHUNKS
    counts: bool = False


@frozen
class LogPart:
    """Chunks in order. head: seq of the last one that the log has. lines: of the whole log, if asked for and known."""

    chunks: Sequence[Chunk]
    head: int
    lines: int | None = None


def read_log(ports: Ports, query: ReadLog) -> Sequence[Chunk]:
    """Return the chunks of a part, in order, without gaps, as many as fit into an answer."""
    return read_log_part(ports, query).chunks


def read_log_part(ports: Ports, query: ReadLog) -> LogPart:
    """Return a part of a log, and how far the log goes."""
    length = ports.logs.length(query.log) if query.counts else Length(head=ports.logs.head(query.log), lines=None)
    if query.before is None:
        return LogPart(chunks=_forward(ports, query, LARGEST_TEXT), head=length.head, lines=length.lines)
    end = min(query.before - 1, length.head) if query.before else length.head
    return LogPart(chunks=_backward(ports, query, end), head=length.head, lines=length.lines)


def _forward(ports: Ports, query: ReadLog, room: int) -> list[Chunk]:
    """Return the chunks after `after` in so much room, in characters: one at least, if there is any room."""
    found: list[Chunk] = []
    while query.limit > len(found) and room > 0:
        after = found[-1].seq if found else query.after
        chunks = ports.logs.read(query.log, after, min(AT_ONCE, query.limit - len(found)))
        if not chunks:
            break
        for chunk in chunks:
            room -= len(chunk.text)
            if room < 0 and found:
                return found
            found.append(chunk)
    return found


def _backward(ports: Ports, query: ReadLog, end: int) -> list[Chunk]:
    """Return the chunks up to `end`, as far back as the limit and the room of an answer go: one at least."""
    found: list[Chunk] = []
    while end > query.after and len(found) < query.limit:
        start = max(query.after, end - min(AT_ONCE, query.limit - len(found)))
        own = ports.logs.read(query.log, start, end - start)
        fitting = _last_that_fit(own, LARGEST_TEXT - _size(found), is_first=not found)
        found = [*fitting, *found]
        if len(fitting) < end - start:
            break
        end = start
    return found


def _last_that_fit(chunks: Sequence[Chunk], room: int, *, is_first: bool) -> list[Chunk]:
    for place in range(len(chunks) - 1, -1, -1):
        room -= len(chunks[place].text)
        if room < 0:
            kept = place if is_first and place == len(chunks) - 1 else place + 1
            return list(chunks[kept:])
    return list(chunks)


def _size(chunks: Sequence[Chunk]) -> int:
    return sum(len(chunk.text) for chunk in chunks)


@frozen
class ReadLogEnd:
    """Query: the last chunks of a log."""

    log: str
    chunks: int


def read_log_end(ports: Ports, query: ReadLogEnd) -> Sequence[Chunk]:
    """Return the last chunks of a log, in order."""
    return ports.logs.read(query.log, max(0, ports.logs.head(query.log) - query.chunks), query.chunks)


@frozen
class ReadWholeLog:
    """Query: a log as one text. after: seq of the last chunk that is left out."""

    log: str
    after: int = 0


@frozen
class WholeLog:
    """A log as one text. last: seq of its last chunk. goes_on: there is more than fits into one answer."""

    text: str
    last: int
    goes_on: bool


def read_whole_log(ports: Ports, query: ReadWholeLog) -> WholeLog:
    """Return a log as one text, of LARGEST_TEXT characters at most."""
    texts, last, size = list[str](), query.after, 0
    while chunks := ports.logs.read(query.log, last, MOST_CHUNKS):
        for chunk in chunks:
            size += len(chunk.text)
            if size > LARGEST_TEXT:
                return WholeLog(text="".join(texts), last=last, goes_on=True)
            texts.append(chunk.text)
            last = chunk.seq
    return WholeLog(text="".join(texts), last=last, goes_on=False)
