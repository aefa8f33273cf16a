"""Group commit: changes of the same moment are one batch, which is written before anything tells of them.

What is written outlives the end of any process, however it dies; what is synced, that of the machine too. Written is at
once. Synced is within 20 ms, so that a power cut takes no more than these, or before any answer, if that is wanted.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.emulator.journal.file import Change, batch_of
from infra.local.emulator.journal.target import Target

logger = logging.getLogger("emulator")

LATEST_SYNC = 0.02
"""Seconds from its writing until the sync of a batch begins."""
DISK_FAILED = 74
"""The exit code for a disk that takes no more: EX_IOERR of sysexits."""


class Commits:
    """The changes of one event loop on their way to disk. target: returns where the next batch goes.

    What happens between two turns of the loop is in one batch, so a transaction is there as a whole or not.
    is_strict: whether `settled` waits for the sync.
    """

    def __init__(self, target: Callable[[], Target], *, is_strict: bool) -> None:
        self._target = target
        self._is_strict = is_strict
        self._thread = 0
        self._loop: asyncio.AbstractEventLoop
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._pending: list[Change] = []
        self._files: set[Path] = set()
        self._next_sync: asyncio.Future[None] | None = None
        self._is_syncing = False

    def start(self) -> None:
        """Write what this event loop's thread notes from now on."""
        self._thread = threading.get_ident()
        self._loop = asyncio.get_running_loop()

    def note(self, change: Change) -> None:
        """Have a change written with the next batch.

        What another thread does is left out: there is none that changes anything but what may be lost.
        """
        if threading.get_ident() == self._thread:
            if not self._pending:
                self._loop.call_soon(self._write)
            self._pending.append(change)

    def note_file(self, path: str) -> None:
        """Have a file that was just written synced with the next batch."""
        if threading.get_ident() == self._thread:
            self._files |= {Path(path), Path(path).parent}
            self._schedule_sync()

    async def settled(self) -> None:
        """Return when all that has happened so far is written; if strict, when it is synced."""
        self._write()
        if self._is_strict and self._next_sync is not None:
            await asyncio.shield(self._next_sync)

    async def on_disk(self, work: Callable[[], None]) -> None:
        """Do this after the sync that is going on, and before any other."""
        await self._loop.run_in_executor(self._disk, work)

    async def close(self) -> None:
        """Return when everything is synced; nothing may be noted any more."""
        self._write()
        self._disk.shutdown()

    def _write(self) -> None:
        changes, self._pending = self._pending, []
        if not changes:
            return
        try:
            self._target().append(batch_of(changes))
        except OSError as error:
            _give_up(error)
        self._schedule_sync()

    def _schedule_sync(self) -> None:
        if self._next_sync is None:
            self._next_sync = self._loop.create_future()
            if not self._is_syncing:
                self._loop.call_later(0 if self._is_strict else LATEST_SYNC, self._begin_sync)

    def _begin_sync(self) -> None:
        files, self._files = self._files, set()
        waited, self._next_sync, self._is_syncing = self._next_sync, None, True
        target = self._target()
        done = self._loop.run_in_executor(self._disk, lambda: _sync(target, files))
        done.add_done_callback(lambda ended: self._end_sync(ended, waited))

    def _end_sync(self, ended: asyncio.Future[None], waited: asyncio.Future[None] | None) -> None:
        if (error := ended.exception()) is not None:
            _give_up(error)
        self._is_syncing = False
        if self._next_sync is not None:
            self._begin_sync()
        if waited is not None:
            waited.set_result(None)


def _give_up(error: BaseException) -> None:
    """End the process: what is in memory is ahead of the disk, so only a new start from the disk is true again."""
    logger.critical("the journal could not be written, so the emulator ends: %s", error)
    os._exit(DISK_FAILED)


def _sync(target: Target, files: set[Path]) -> None:
    for path in files:
        _sync_file(path)
    target.sync()


def _sync_file(path: Path) -> None:
    """Have a file or folder on disk; one that was removed meanwhile needs nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
