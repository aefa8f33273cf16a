"""Upload a file in parts to the addresses that the API gives out: several in parallel, each retried on its own.

A part is read while it is sent, so that little of it is in memory at any time.
"""

from __future__ import annotations

import base64
import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import NamedTuple

from urllib3.exceptions import HTTPError

from slipway import transfer
from slipway.connections import Connections, HttpRequest, is_success, named
from slipway.transfer import BUSY, PAUSES, TIMEOUT, Progress, TransferError

OnPart = Callable[[int, str], None]
"""Called for each part that was sent, with its ETag."""

AT_ONCE = 4
_CHUNK = 1 << 18
_GRACE = 0.5
"""Seconds to wait for a part that was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a file is split, and where to PUT each part.

    part_size: bytes; the last may be shorter. urls: by part number.
    """

    file: Path
    size: int
    part_size: int
    urls: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Callbacks and retries of an upload.

    progress: called by several threads, one at a time. pauses: seconds before each retry of a part.
    """

    on_part: OnPart
    progress: Progress = transfer.silent
    pauses: tuple[float, ...] = PAUSES


class Part(NamedTuple):
    """One part of a file. offset, length: bytes."""

    number: int
    offset: int
    length: int


def send(plan: Plan, done: Collection[int], watch: Watch) -> None:
    """Send every part that is not in `done`. Faults: TransferError, and what the callbacks raise."""
    parts = list(parts_of(plan))
    with Connections() as store:
        sender = _Sender(plan=plan, store=store, watch=watch)
        for part in parts:
            if part.number in done:
                sender.move(part, part.length)
        sender.send([part for part in parts if part.number not in done])


def parts_of(plan: Plan) -> Iterator[Part]:
    """Yield the parts in order; one empty part for an empty file.

    Faults: TransferError when the addresses do not match.
    """
    count = max(1, -(-plan.size // plan.part_size))
    if sorted(plan.urls) != list(range(1, count + 1)):
        raise TransferError(f"the file has {count} parts, and there are addresses for {len(plan.urls)}")
    for number in range(1, count + 1):
        offset = (number - 1) * plan.part_size
        yield Part(number, offset, min(plan.part_size, plan.size - offset))


class _HaltedError(Exception):
    """Another part has failed, or the upload was cancelled."""


_Ending = tuple[Part, str | Exception]
_Ended = SimpleQueue[_Ending]


@dataclass(slots=True, kw_only=True)
class _Sender:
    plan: Plan
    store: Connections
    watch: Watch
    halted: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    moved: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def send(self, parts: list[Part]) -> None:
        """Send these parts, or raise the first failure."""
        todo, ended = deque(parts), _Ended()
        # Not a thread pool: it waits for its threads, and one on a dead connection hangs for a minute.
        threads = [Thread(target=self._work, args=(todo, ended), daemon=True) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            for _ in parts:
                self._report(ended.get())
        finally:
            self.halted.set()
            for thread in threads:
                thread.join(_GRACE)
            # Parts that succeeded beside a failure need not be sent again.
            while not ended.empty():
                part, result = ended.get()
                if isinstance(result, str):
                    self.watch.on_part(part.number, result)

    def _report(self, ending: _Ending) -> None:
        part, result = ending
        if isinstance(result, Exception):
            raise result
        self.watch.on_part(part.number, result)

    def _work(self, todo: deque[Part], ended: _Ended) -> None:
        """Send parts from the queue until it is empty."""
        while not self.halted.is_set():
            try:
                part = todo.popleft()
            except IndexError:
                return
            try:
                ended.put((part, self._etag(part)))
            except Exception as error:  # noqa: BLE001 - end of the thread: raised by the caller that waits for the part
                ended.put((part, error))

    def move(self, part: Part, sent: int) -> None:
        """Record how many bytes of the part have been sent."""
        with self.lock:
            self.total += sent - self.moved.get(part.number, 0)
            self.moved[part.number] = sent
            self.watch.progress(self.total, self.plan.size)

    def _etag(self, part: Part) -> str:
        """Send the part, with retries, and return its ETag."""
        pauses, digest = iter(self.watch.pauses), self._digest(part)
        while True:
            result = self._put(part, digest)
            if isinstance(result, str):
                return result
            pause = next(pauses, None)
            if pause is None:
                raise result
            self._rest(part, pause)

    def _rest(self, part: Part, pause: float) -> None:
        while pause > 0:
            # In short pieces, so that the progress callback may cancel.
            self.move(part, 0)
            if self.halted.wait(min(pause, 1.0)):
                raise _HaltedError
            pause -= 1.0

    def _put(self, part: Part, digest: str) -> str | TransferError:
        """Return the ETag, or the error if another try may help. Faults: TransferError."""
        # The store compares this with what it received.
        headers = {"Content-Length": str(part.length), "Content-MD5": digest}
        try:
            answer = self.store.send(
                HttpRequest(
                    method="PUT", url=self.plan.urls[part.number], timeout=TIMEOUT, headers=headers,
                    body=self._chunks(part),
                )
            )  # fmt: skip
        except HTTPError as error:
            return TransferError(f"the upload broke off: {named(error)}")
        if is_success(answer) and (etag := answer.headers.get("ETag", "")):
            return str(etag)
        refused = transfer.refusal(answer.status, "upload")
        if answer.status in BUSY or b"BadDigest" in answer.data:
            return refused
        raise refused

    def _chunks(self, part: Part) -> Iterator[bytes]:
        sent = 0
        for chunk in self._read(part):
            yield chunk
            sent += len(chunk)
            self.move(part, sent)

    def _read(self, part: Part) -> Iterator[bytes]:
        left = part.length
        with self.plan.file.open("rb") as file:
            file.seek(part.offset)
            while left:
                if self.halted.is_set():
                    raise _HaltedError
                chunk = file.read(min(_CHUNK, left))
                if not chunk:
                    raise TransferError(f"{self.plan.file.name} has become shorter")
                left -= len(chunk)
                yield chunk

    def _digest(self, part: Part) -> str:
        summed = hashlib.md5(usedforsecurity=False)
        for chunk in self._read(part):
            summed.update(chunk)
        return base64.b64encode(summed.digest()).decode()
