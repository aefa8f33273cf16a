"""The log of a run: the logs of its attempts, one after the other, numbered throughout."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Chunk
from slipway_formats.frozen import frozen

MOST_CHUNKS = 1000
LARGEST_TEXT = 1_000_000
"""Characters of a log in one answer: as four bytes each they fit in what is sent."""


def logs_of_run(ports: Ports, run_id: str) -> Sequence[str]:
    """Return the logs of a run in order; before its first job the log named after the run."""
    return [job.id for job in ports.jobs.of_run(run_id)] or [run_id]


def read_run_log(ports: Ports, run_id: str, after: int) -> Sequence[Chunk]:
    """Return the chunks after `after`, in order, without gaps, up to MOST_CHUNKS."""
    found: list[Chunk] = []
    before = 0
    for log in logs_of_run(ports, run_id):
        room = MOST_CHUNKS - len(found)
        chunks = ports.logs.read(log, max(after - before, 0), room) if room > 0 else ()
        found.extend(replace(chunk, seq=chunk.seq + before) for chunk in chunks)
        before += ports.logs.head(log)
    return found


def seal_run_log(ports: Ports, run_id: str) -> None:
    """Seal the log of a run, so that nothing more can be appended; it is idempotent."""
    for log in logs_of_run(ports, run_id):
        ports.logs.seal(log)


@frozen
class ReadLog:
    """Query: a log. after: seq of the last chunk the client has."""

    log: str
    after: int = 0
    limit: int = 1000


def read_log(ports: Ports, query: ReadLog) -> Sequence[Chunk]:
    """Return the chunks after `after`, in order, without gaps."""
    return ports.logs.read(query.log, query.after, query.limit)


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
