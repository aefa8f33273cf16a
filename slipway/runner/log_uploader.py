"""The log of a lease on its way to the platform: gathered by lines, sent in batches, each chunk once and in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slipway.client_error import ApiError
from slipway.perform.logs import LogLine
from slipway.runner.jobs import Chunk, JobsApi, LeaseLostError
from slipway.runner.leases.heartbeat import Heart
from slipway.runner.leases.held import Held

PAUSE = 0.2
FULL = 64 << 10
_LONGEST_CHUNK = 32 << 10
_MOST_CHUNKS = 200
# What a job says faster than we can send makes it wait, here.
_MOST_KEPT = 1 << 20
_PAUSES = (0.1, 2.0)


@dataclass(slots=True)
class _Piece:
    stream: str
    at: str
    lines: list[str] = field(default_factory=list)
    size: int = 0

    def takes(self, line: LogLine) -> bool:
        return self.stream == line.stream and self.size + len(line.text) < _LONGEST_CHUNK

    def add(self, text: str) -> None:
        self.lines.append(text)
        self.size += len(text) + 1

    def chunk(self) -> Chunk:
        return Chunk(stream=self.stream, text="".join(f"{line}\n" for line in self.lines), at=self.at)


class LogBook:
    """What one lease says. Every line ends in a newline; lines of one stream that follow one another share a chunk."""

    def __init__(self, held: Held, api: JobsApi, heart: Heart, shipper: Shipper) -> None:
        self._held, self._api, self._heart, self._shipper = held, api, heart, shipper
        self._pieces: list[_Piece] = []
        self._size = 0
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._head = held.lease.job.log_head or 0
        self._given_up = False

    @property
    def is_full(self) -> bool:
        """Whether there is so much that it should not wait."""
        return self._size >= FULL

    def take(self, line: LogLine) -> None:
        """Keep a line for the next batch; waits while too much is kept."""
        with self._changed:
            while self._size >= _MOST_KEPT and not self._held.lost.is_set() and not self._given_up:
                self._changed.wait(1.0)
            if not self._pieces or not self._pieces[-1].takes(line):
                self._pieces.append(_Piece(line.stream, datetime.now(UTC).isoformat()))
            self._pieces[-1].add(line.text)
            self._size += len(line.text) + 1
        self._shipper.expect(self)

    def flush(self) -> None:
        """Everything that was said so far is with the platform, or the lease is lost."""
        with self._sending:
            while chunks := self._batch():
                self._send(chunks)

    def _batch(self) -> list[Chunk]:
        with self._changed:
            taken: list[_Piece] = []
            size = 0
            while self._pieces and size < FULL and len(taken) < _MOST_CHUNKS:
                taken.append(self._pieces.pop(0))
                size += taken[-1].size
            self._size -= size
            self._changed.notify_all()
        return [piece.chunk() for piece in taken]

    def _send(self, chunks: list[Chunk]) -> None:
        pause, longest = _PAUSES
        while not self._held.lost.is_set() and not self._given_up:
            try:
                self._api.append(self._held.lease, self._head, chunks)
                self._head += len(chunks)
                return
            except LeaseLostError as error:
                if self._is_overtaken(str(error)):
                    pause = _PAUSES[0]
                    continue
            except ApiError as error:
                # A refusal for good: what is wrong with this batch will not be right the next time.
                if 400 <= error.status < 500 and error.status != 429:
                    self._give_up(str(error))
            self._held.lost.wait(pause)
            pause = min(pause * 2, longest)

    def _is_overtaken(self, why: str) -> bool:
        """Whether others have added to the log meanwhile: what we have to say follows theirs."""
        try:
            self._heart.check(self._held)
            if self._held.lost.is_set():
                return False
            before, self._head = self._head, self._api.log_head(self._held.lease)
        except ApiError:
            return False
        if self._head == before:
            self._give_up(why)
        return self._head != before

    def _give_up(self, why: str) -> None:
        self._given_up = True
        self._shipper.say(f"{self._held.name}: the rest of its log is not kept: {why}")


class Shipper:
    """One thread that sends what logs have gathered, a moment after it was said."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self._waiting: set[LogBook] = set()
        self._changed = threading.Condition()
        self._closed = False
        threading.Thread(target=self._run, name="shipper", daemon=True).start()

    def expect(self, book: LogBook) -> None:
        """Send this one's soon."""
        if book in self._waiting and not book.is_full:
            return
        with self._changed:
            if not self._waiting or book.is_full:
                self._changed.notify()
            self._waiting.add(book)

    def close(self) -> None:
        """Send nothing any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._changed.wait_for(lambda: self._closed or any(book.is_full for book in self._waiting), PAUSE)
                books, self._waiting = self._waiting, set()
            for book in books:
                book.flush()
