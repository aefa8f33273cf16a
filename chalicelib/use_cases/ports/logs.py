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

    def seal(self, log: str) -> None:
        """Combine the chunks into one object and let them expire; idempotent."""

    def forget(self, log: str) -> None:
        """Delete a log, complete (sealed) or still growing; idempotent."""
