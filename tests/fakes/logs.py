"""The fake of the port Logs, held to the same contract as the store by tests/store/test_logs.py."""

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.ports_runs import Chunk


class FakeLogs:
    """Logs in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Chunk]] = {}
        self.sealed: set[str] = set()
        self._lock = Lock()

    def append(self, log: str, after: int, chunks: Sequence[Chunk]) -> int:
        """The new head."""
        with self._lock:
            there = self.kept.get(log, [])
            if [chunk.seq for chunk in chunks] != list(range(after + 1, after + 1 + len(chunks))):
                raise Conflict(f"the chunks for log {log} do not follow {after} one by one")
            known = there[after : after + len(chunks)]
            if after > len(there) or known != list(chunks[: len(known)]):
                raise Conflict(f"the head of log {log} is not {after}")
            if len(known) < len(chunks):
                self._grow(log, chunks[len(known) :])
            return len(self.kept.get(log, ()))

    def add(self, log: str, at: datetime, stream: str, text: str) -> int:
        """The new head."""
        with self._lock:
            seq = len(self.kept.get(log, ())) + 1
            self._grow(log, (Chunk(seq=seq, at=at, stream=stream, text=text),))
            return seq

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        """Chunks that follow."""
        return self.kept.get(log, [])[after : after + limit]

    def head(self, log: str) -> int:
        """The seq of the last chunk."""
        return len(self.kept.get(log, ()))

    def seal(self, log: str) -> None:
        """Nothing is added from now on."""
        if log in self.kept:
            self.sealed.add(log)

    def forget(self, log: str) -> None:
        """It never was."""
        self.kept.pop(log, None)
        self.sealed.discard(log)

    def _grow(self, log: str, chunks: Sequence[Chunk]) -> None:
        if log in self.sealed:
            raise Conflict(f"log {log} is sealed")
        self.kept.setdefault(log, []).extend(chunks)
