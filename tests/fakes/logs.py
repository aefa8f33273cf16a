"""The fake of the port Logs, held to the same contract as the store by tests/store/runs/test_logs.py."""

from collections.abc import Sequence
from threading import Lock

from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.ports.logs import Chunk, Length, Logs, Words, lines_in


class FakeLogs(Logs):
    """Logs in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Chunk]] = {}
        self.added: dict[tuple[str, str], int] = {}
        self.sealed: set[str] = set()
        self._lock = Lock()

    def append(
        self,
        log: str,
        after: int,
        chunks: Sequence[Chunk],
        *,
        was_end: bool = False,  # noqa: ARG002 - it is cheap
    ) -> int:
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

    def add(self, log: str, words: Words) -> int:
        with self._lock:
            if (log, words.ask) not in self.added:
                seq = len(self.kept.get(log, ())) + 1
                said = enumerate(words.said, seq)
                self._grow(log, [Chunk(seq=n, at=words.at, stream=stream, text=text) for n, (stream, text) in said])
                self.added[log, words.ask] = len(self.kept[log])
            return self.added[log, words.ask]

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        return self.kept.get(log, [])[after : after + limit]

    def head(self, log: str) -> int:
        return len(self.kept.get(log, ()))

    def length(self, log: str) -> Length:
        there = self.kept.get(log, ())
        return Length(head=len(there), lines=lines_in("".join(one.text for one in there)))

    def seal(self, log: str) -> None:
        if log in self.kept:
            self.sealed.add(log)

    def forget(self, log: str) -> None:
        self.kept.pop(log, None)
        self.sealed.discard(log)

    def _grow(self, log: str, chunks: Sequence[Chunk]) -> None:
        if log in self.sealed:
            raise Conflict(f"log {log} is sealed")
        self.kept.setdefault(log, []).extend(chunks)
