"""What a lock is and what becomes of it: pure, for the store and its fake alike. Where locks are kept: locks.py."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.runs import Awaited, Held, Holder, ReleasedBefore

TOMBSTONES_LAST = timedelta(days=4)
"""As long as a message may lie in a queue."""

MOST_TOMBSTONES = 100


@frozen
class Tombstone:
    """Of a holder that gave the lock back or left the line. fence: that under which an heir followed, or nothing."""

    holder: Holder
    at: datetime
    fence: int | None = None


@frozen
class LockState:
    """A lock. fence: of the holder, or of the last one. waiting: in order. buried: latest last."""

    holder: Holder | None = None
    fence: int = 0
    waiting: tuple[Holder, ...] = ()
    buried: tuple[Tombstone, ...] = ()


Taking = Held | Awaited | ReleasedBefore


def taken(lock: LockState, asker: Holder) -> tuple[LockState, Taking]:
    """The lock after somebody asked for it, and the answer."""
    if _tombstone(lock, asker) is not None:
        return lock, ReleasedBefore()
    if lock.holder is None:
        lock = replace(lock, holder=asker, fence=lock.fence + 1)
    if lock.holder == asker:
        return lock, Held(fence=lock.fence)
    if asker not in lock.waiting:
        lock = replace(lock, waiting=(*lock.waiting, asker))
    assert lock.holder is not None  # noqa: S101 - given to the asker above
    return lock, Awaited(holder=lock.holder, fence=lock.fence)


def freed(lock: LockState, leaver: Holder, now: datetime) -> tuple[LockState, tuple[Holder, int] | None]:
    """The lock after somebody gave it back or left the line, and who holds it in their place with which fence."""
    tombstone = _tombstone(lock, leaver)
    if tombstone is not None:
        return lock, _heir(lock, tombstone)
    if lock.holder == leaver:
        lock = _passed_on(lock)
        fence = lock.fence if lock.holder is not None else None
        tombstone = Tombstone(holder=leaver, at=now, fence=fence)
    else:
        lock = replace(lock, waiting=tuple(one for one in lock.waiting if one != leaver))
        tombstone = Tombstone(holder=leaver, at=now)
    return _buried(lock, tombstone, now), _heir(lock, tombstone)


def replaced(lock: LockState, gone: Holder, fence: int, now: datetime) -> LockState:
    """The lock without a holder that has ended; as it is, when it moved on."""
    if (lock.holder, lock.fence) != (gone, fence):
        return lock
    return freed(lock, gone, now)[0]


def _tombstone(lock: LockState, holder: Holder) -> Tombstone | None:
    return next((one for one in lock.buried if one.holder == holder), None)


def _heir(lock: LockState, tombstone: Tombstone) -> tuple[Holder, int] | None:
    """Who followed, while they still hold it."""
    if lock.holder is None or tombstone.fence != lock.fence:
        return None
    return lock.holder, lock.fence


def _passed_on(lock: LockState) -> LockState:
    if not lock.waiting:
        return replace(lock, holder=None)
    return replace(lock, holder=lock.waiting[0], fence=lock.fence + 1, waiting=lock.waiting[1:])


def _buried(lock: LockState, tombstone: Tombstone, now: datetime) -> LockState:
    kept = [one for one in lock.buried if now - one.at < TOMBSTONES_LAST]
    return replace(lock, buried=(*kept[-MOST_TOMBSTONES + 1 :], tombstone))
