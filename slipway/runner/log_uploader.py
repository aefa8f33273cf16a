"""Upload the log of a lease: buffer lines, send them in batches, each chunk exactly once and in order.

The thread that sends batches of all leases stands in upload_thread.py.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from slipway.client_error import ApiError
from slipway.perform.logs import LogLine
from slipway.runner.job_records import Append, Chunk, Grown
from slipway.runner.jobs import JobsApi, LeaseLostError
from slipway.runner.leases.heartbeat import Heartbeat
from slipway.runner.leases.held import Held, instant

FULL = 64 << 10
_LONGEST_CHUNK = 32 << 10
_MOST_CHUNKS = 200
# Back-pressure: a job that logs faster than we upload blocks at this many buffered bytes.
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


class Uploads(Protocol):
    """Who sends the batches of all leases, and says what goes wrong with them."""

    def expect(self, uploader: LogUploader) -> None:
        """Flush this uploader soon; at once if it is full."""

    def report(self, text: str) -> None:
        """Print a message for who runs the runner."""


class LogUploader:
    """The log of one lease. Consecutive lines of one stream share a chunk; every line ends in a newline.

    pace: seconds between batches that the platform asked for, last; None before the first.
    """

    def __init__(self, held: Held, api: JobsApi, heartbeat: Heartbeat, uploads: Uploads) -> None:
        self._held, self._api, self._heartbeat, self._uploads = held, api, heartbeat, uploads
        self._pieces: list[_Piece] = []
        self._size = 0
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._head = held.lease.job.log_head or 0
        self._given_up = False
        self.pace: float | None = None

    @property
    def is_full(self) -> bool:
        """Whether enough is buffered to send it at once."""
        return self._size >= FULL

    @property
    def is_silent(self) -> bool:
        """Whether nothing of this lease was written to the log, nor is there anything to write."""
        return not self._head and not self._size and not self._given_up

    @property
    def has_lines(self) -> bool:
        """Whether anything is buffered."""
        return self._size > 0

    def take(self, line: LogLine) -> None:
        """Buffer a line; block while the buffer is full."""
        with self._changed:
            while self._size >= _MOST_KEPT and not self._held.lost.is_set() and not self._given_up:
                self._changed.wait(1.0)
            if not self._pieces or not self._pieces[-1].takes(line):
                self._pieces.append(_Piece(line.stream, datetime.now(UTC).isoformat()))
            self._pieces[-1].add(line.text)
            self._size += len(line.text) + 1
        self._uploads.expect(self)

    def flush(self) -> None:
        """Send everything buffered so far, unless the lease is lost."""
        with self._sending:
            while chunks := self._batch():
                self._send(chunks)

    def flush_some(self) -> None:
        """Send a batch, and go on only while there is enough for another one."""
        with self._sending:
            if chunks := self._batch():
                self._send(chunks)
            while self.is_full and (chunks := self._batch()):
                self._send(chunks)

    def draw(self) -> Append | None:
        """Take a batch out, which must be settled; None if there is none, or another is being sent."""
        if not self._sending.acquire(blocking=False):
            return None
        chunks = self._batch()
        if not chunks or self._held.lost.is_set() or self._given_up:
            self._sending.release()
            return None
        return Append(lease=self._held.lease, after=self._head, chunks=chunks)

    def settle(self, drawn: Append, asked_at: float, grown: Grown | None) -> None:
        """Go on behind a batch that was sent with others; send it alone if the log did not grow by it (None)."""
        try:
            if grown is None:
                self._send(drawn.chunks)
            else:
                self._went_on(asked_at, len(drawn.chunks), grown)
        finally:
            self._sending.release()

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

    def _send(self, chunks: Sequence[Chunk]) -> None:
        pause, longest = _PAUSES
        while not self._held.lost.is_set() and not self._given_up:
            try:
                asked_at = instant()
                self._went_on(asked_at, len(chunks), self._api.append(self._held.lease, self._head, chunks))
                return
            except LeaseLostError as error:
                if self._is_overtaken(str(error)):
                    pause = _PAUSES[0]
                    continue
            except ApiError as error:
                # A permanent refusal: sending the same batch again would be refused too.
                if 400 <= error.status < 500 and error.status != 429:
                    self._give_up(str(error))
            self._held.lost.wait(pause)
            pause = min(pause * 2, longest)

    def _went_on(self, asked_at: float, chunks: int, grown: Grown) -> None:
        self._head += chunks
        self.pace = grown.pace
        if grown.lease is not None:
            self._heartbeat.confirm(self._held, asked_at, grown.lease)

    def _is_overtaken(self, why: str) -> bool:
        """Whether the platform has appended to the log itself; if so, continue after its chunks."""
        try:
            self._heartbeat.check(self._held)
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
        self._uploads.report(f"{self._held.name}: the rest of its log is not kept: {why}")
