"""Ports of locks and watermarks: who holds one, who waits for it in which order, and what has passed a stage."""

from datetime import datetime
from typing import Protocol

from slipway_formats.frozen import frozen


@frozen
class Holder:
    """A holder of a lock, or a waiter: a stage execution of a run, or a run (execution 0). attempt: of that run.

    line, number: among waiters of one line the lower number goes first; of others whoever came first. Not of what makes
    two holders the same.
    """

    run: str
    execution: int
    attempt: int = 0
    line: str = ""
    number: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Holder) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, int, int]:
        return self.run, self.execution, self.attempt


@frozen
class Held:
    """The lock is held by the caller. fence: higher than any before."""

    fence: int


@frozen
class Awaited:
    """Another holder has the lock; the caller waits in line. fence: the holder's."""

    holder: Holder
    fence: int


@frozen
class ReleasedBefore:
    """The caller has released the lock before: a late request, which does nothing."""


class Locks(Protocol):
    """Locks with a holder, a fencing number and a line of waiters.

    Faults of all that write: Stale, if others change the lock all the time.
    """

    def take(self, lock: str, holder: Holder, now: datetime) -> Held | Awaited | ReleasedBefore:
        """Take the lock or join the line, behind all but those of the holder's own line with a higher number.

        Idempotent.
        """

    def free(self, lock: str, holder: Holder, now: datetime) -> tuple[Holder, int] | None:
        """Release the lock, or leave the line; return the next holder with its fence.

        A tombstone stays, so that a late take by the same holder is ReleasedBefore. Repeating it returns the same next
        holder while it still holds the lock.
        """

    def replace(self, lock: str, gone: Holder, fence: int, now: datetime) -> None:
        """Take the lock from a holder that has ended, by its fence, for the first in line; no-op if the fence has
        changed.
        """

    def holder(self, lock: str) -> Holder | None:
        """Return who holds the lock, if anybody does."""

    def line(self, lock: str) -> tuple[Holder, ...]:
        """Return the waiters, in order."""


@frozen
class Passed:
    """No newer run has passed."""


@frozen
class Behind:
    """A newer run has passed."""

    by_run: str
    by_number: int


class Watermarks(Protocol):
    """The newest run of each train that passed the gates of each stage."""

    def take(self, train: str, stage: str, number: int, run_id: str) -> Passed | Behind:
        """Raise the watermark to this run's number, unless it is higher; idempotent."""

    def compare(self, train: str, stage: str, number: int) -> Passed | Behind:
        """Compare a run's number with the watermark without raising it (a consistent read)."""
