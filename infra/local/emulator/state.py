"""The whole state of the emulator on disk: read at its start, and from then on written change by change.

`pinned_items`, `pinned_messages` and `pinned_services` know what is inside ministack, the room `journal` how changes
lie on disk. A snapshot is written by a forked child, which sees no later change, while serving goes on.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from infra.local.emulator import older_state, pinned, pinned_items, pinned_messages
from infra.local.emulator.journal.commits import Commits
from infra.local.emulator.journal.file import Change
from infra.local.emulator.journal.folder import JournalFolder
from infra.local.emulator.pinned_items import Items
from infra.local.emulator.pinned_messages import Messages
from infra.local.emulator.pinned_services import Services
from infra.local.emulator.pinned_tokens import Tokens
from infra.local.emulator.pinned_uploads import Uploads

logger = logging.getLogger("emulator")

UPLOADS = "uploads"
SYNC = "SLIPWAY_SYNC"
"""The variable that says `answer` where each answer waits until what it tells of is synced to the disk."""
TENDING = 0.5
"""Seconds between two looks at what rests, has expired or was outgrown."""
SLICE = 50
"""Items that are packed at a time: less than a millisecond."""
LONGEST_SNAPSHOT = 600.0
AFTER_FAILURE = 60.0


@dataclass(slots=True, kw_only=True)
class State:
    """What ministack holds, and where that is written. home: the emulator's folder."""

    items: Items
    messages: Messages
    services: Services
    tokens: Tokens
    uploads: Uploads
    folder: JournalFolder
    home: Path
    commits: Commits
    no_snapshot_before: float = 0.0

    def begin(self) -> None:
        """Read the state, and write every change from now on. ministack has read what an older version left."""
        gc.disable()
        older_state.complete(self.home)
        for change in self.folder.changes():
            if not any(one.apply(change) for one in (self.items, self.tokens, self.messages, self.services)):
                logger.debug("unknown change %s", change.head)
        self.services.settle()
        self.uploads.restore()
        number = self.folder.begin()
        if self.folder.base is None:
            self.folder.write_snapshot(number, self.whole())
            self.folder.adopt(number)
        older_state.remove(self.home)
        self.commits.start()
        self.items.follow(self.commits.note)
        self.messages.follow(self.commits.note)
        self.tokens.follow(self.commits.note)
        self.uploads.follow()
        pinned.follow_files(pinned.objects(), self.commits.note_file)
        gc.enable()

    def note_definitions(self) -> None:
        """Note whatever a request may have changed besides items and messages."""
        self.items.note_definitions()
        self.messages.note_definitions()
        self.services.note_definitions(self.commits.note)

    async def settled(self) -> None:
        """Return when all that has happened so far is on disk."""
        await self.commits.settled()

    async def tend(self) -> None:
        """Pack, expire and take snapshots, until cancelled."""
        while True:
            await asyncio.sleep(TENDING)
            while self.items.tend(SLICE):
                await asyncio.sleep(0)
            if self.folder.has_outgrown() and time.monotonic() >= self.no_snapshot_before:
                await self._snapshot()

    async def end(self) -> None:
        """Return when everything is on disk and the journal is closed."""
        await self.commits.close()
        self.folder.close()

    def whole(self) -> Iterator[Sequence[Change]]:
        """Yield all that is there, by the batch."""
        yield from self.services.whole()
        yield from self.items.whole()
        yield from self.tokens.whole()
        yield from self.messages.whole()

    async def _snapshot(self) -> None:
        """Write all that is there now, beside; what was noted and is not yet written goes to the new journal."""
        before, number = self.folder.current(), self.folder.begin()
        child = os.fork()
        if child == 0:
            _write_and_exit(self, number)
        await self.commits.on_disk(before.close)
        if await _ended_well(child):
            self.folder.adopt(number)
        else:
            self.no_snapshot_before = time.monotonic() + AFTER_FAILURE


def of(ministack: ModuleType, journals: JournalFolder, home: Path) -> State:
    """Return the state of this ministack, to be read from the journals, or what an older version left at home."""
    pinned.forbid_own_expiry(pinned.dynamodb())
    return State(
        items=pinned_items.observe(pinned.dynamodb()),
        messages=pinned_messages.observe(pinned.queues()),
        services=Services(ministack=ministack),
        tokens=Tokens(dynamodb=pinned.dynamodb()),
        uploads=Uploads(s3=pinned.objects(), folder=home / UPLOADS),
        folder=journals,
        home=home,
        commits=Commits(journals.current, is_strict=os.environ.get(SYNC) == "answer"),
    )


def _write_and_exit(state: State, number: int) -> None:
    """Write a snapshot in the forked child and exit. It keeps no socket, so that its parent's end frees the ports."""
    code = 1
    try:
        gc.disable()
        os.closerange(3, 65_536)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.nice(10)
        state.folder.write_snapshot(number, state.whole())
        code = 0
    except Exception:
        logger.exception("a snapshot could not be written")
    finally:
        os._exit(code)


async def _ended_well(child: int) -> bool:
    deadline = time.monotonic() + LONGEST_SNAPSHOT
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status == 0
        await asyncio.sleep(0.05)
    # Another thread may have held a lock when the child was forked; then it waits for ever.
    logger.error("a snapshot took more than %s s and was given up", LONGEST_SNAPSHOT)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False
