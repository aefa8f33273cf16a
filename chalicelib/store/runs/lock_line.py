"""State of a lock and its transitions: pure functions, for the store and its fake. Storage: locks.py."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.use_cases.ports.locks import Awaited, Held, Holder, ReleasedBefore
from slipway_formats.frozen import frozen

TOMBSTONES_LAST = timedelta(days=4)
"""The longest time that a message stays in a queue."""

MOST_TOMBSTONES = 100


@frozen
class Tombstone:
    """Marks a holder that released the lock or left the queue. fence: that of the next holder, if there was one."""

    holder: Holder
    at: datetime
    fence: int | None = None


@frozen
class LockState:
    """A lock. fence: of the current or last holder. waiting: queue, in order. buried: tombstones, oldest first."""

    holder: Holder | None = None
    fence: int = 0
    waiting: tuple[Holder, ...] = ()
    buried: tuple[Tombstone, ...] = ()


Taking = Held | Awaited | ReleasedBefore


def taken(lock: LockState, requester: Holder) -> tuple[LockState, Taking]:
    """Return the lock after an acquire request, and the answer."""
    if _tombstone(lock, requester) is not None:
        return lock, ReleasedBefore()
    if lock.holder is None:
        lock = replace(lock, holder=requester, fence=lock.fence + 1)
    if lock.holder == requester:
        return lock, Held(fence=lock.fence)
    if requester not in lock.waiting:
        lock = replace(lock, waiting=_joined(lock.waiting, requester))
    assert lock.holder is not None  # noqa: S101 - given to the requester above
    return lock, Awaited(holder=lock.holder, fence=lock.fence)


def _joined(waiting: tuple[Holder, ...], requester: Holder) -> tuple[Holder, ...]:
    later = (
        place
        for place, one in enumerate(waiting)
        if requester.line and one.line == requester.line and one.number > requester.number
    )
    place = next(later, len(waiting))
    return (*waiting[:place], requester, *waiting[place:])


def freed(lock: LockState, leaver: Holder, now: datetime) -> tuple[LockState, tuple[Holder, int] | None]:
    """Return the lock after a holder released it or left the queue, and the next holder with its fence."""
    tombstone = _tombstone(lock, leaver)
    if tombstone is not None:
        return lock, _next_holder(lock, tombstone)
    if lock.holder == leaver:
        lock = _passed_on(lock)
        fence = lock.fence if lock.holder is not None else None
        tombstone = Tombstone(holder=leaver, at=now, fence=fence)
    else:
        lock = replace(lock, waiting=tuple(one for one in lock.waiting if one != leaver))
        tombstone = Tombstone(holder=leaver, at=now)
    return _with_tombstone(lock, tombstone, now), _next_holder(lock, tombstone)


def replaced(lock: LockState, gone: Holder, fence: int, now: datetime) -> LockState:
    """Return the lock released for a holder that has ended; unchanged when the lock has moved on."""
    if (lock.holder, lock.fence) != (gone, fence):
        return lock
    return freed(lock, gone, now)[0]


def _tombstone(lock: LockState, holder: Holder) -> Tombstone | None:
    return next((one for one in lock.buried if one.holder == holder), None)


def _next_holder(lock: LockState, tombstone: Tombstone) -> tuple[Holder, int] | None:
    """Return the next holder, while it still holds the lock."""
    if lock.holder is None or tombstone.fence != lock.fence:
        return None
    return lock.holder, lock.fence


def _passed_on(lock: LockState) -> LockState:
    if not lock.waiting:
        return replace(lock, holder=None)
    return replace(lock, holder=lock.waiting[0], fence=lock.fence + 1, waiting=lock.waiting[1:])


def _with_tombstone(lock: LockState, tombstone: Tombstone, now: datetime) -> LockState:
    kept = [one for one in lock.buried if now - one.at < TOMBSTONES_LAST]
    return replace(lock, buried=(*kept[-MOST_TOMBSTONES + 1 :], tombstone))
