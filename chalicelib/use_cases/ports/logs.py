"""The port of logs of jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from slipway_formats.frozen import frozen


@frozen
class Chunk:
    """A piece of a log. seq: from 1, without gaps. stream: out, err or note."""

    seq: int
    at: datetime
    stream: str
    text: str


@frozen
class Length:
    """How long a log is. head: seq of its last chunk.

    lines: in all of it, the last one also without its end; None where only reading all of it would tell.
    """

    head: int
    lines: int | None


@frozen
class Words:
    """What a request appends to a log. ask: id of the request. said: streams and texts, in order."""

    ask: str
    at: datetime
    said: tuple[tuple[str, str], ...]


class Logs(Protocol):
    """Logs of jobs, by job id: chunks while it runs, one object in S3 at the end."""

    def append(self, log: str, after: int, chunks: Sequence[Chunk], *, was_end: bool = False) -> int:
        """Append chunks at `after` + 1 and return the new head. Faults: Conflict.

        was_end: the log is known to have ended there once; then nobody need look where it ends.
        Repeating it is no fault; of a longer repetition only the rest is appended.
        """

    def add(self, log: str, words: Words) -> int:
        """Append chunks at the head, once for each request, and return the new head.

        Faults: Conflict once it is sealed; Stale if others append all the time.
        """

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        """Return chunks with seq over `after`, in order, without gaps."""

    def head(self, log: str) -> int:
        """Return the seq of the last chunk; 0 if there is none."""

    def length(self, log: str) -> Length:
        """Return how long the log is, by two reads at most.

        Its lines are not known while it grows and has over 1,000 batches, nor of what an older version wrote.
        """

    def seal(self, log: str) -> None:
        """Combine the chunks into one object and let them expire; idempotent."""

    def forget(self, log: str) -> None:
        """Delete a log, complete (sealed) or still growing; idempotent."""


def lines_in(text: str) -> int:
    """Return how many lines a text has, the last one also without its end."""
    return text.count("\n") + (text != "" and not text.endswith("\n"))
