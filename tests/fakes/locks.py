"""The fake of the port Locks, held to the same contract as the store by tests/store/runs/test_locks.py."""

from datetime import datetime
from threading import Lock

from chalicelib.store.runs.lock_line import LockState, Taking, freed, replaced, taken
from chalicelib.use_cases.ports.runs import Holder


class FakeLocks:
    """Locks in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, LockState] = {}
        self._lock = Lock()

    def take(self, lock: str, holder: Holder, now: datetime) -> Taking:
        """Held, awaited or buried."""
        del now
        with self._lock:
            self.kept[lock], answer = taken(self.state(lock), holder)
            return answer

    def free(self, lock: str, holder: Holder, now: datetime) -> tuple[Holder, int] | None:
        """The heir."""
        with self._lock:
            self.kept[lock], heir = freed(self.state(lock), holder, now)
            return heir

    def replace(self, lock: str, gone: Holder, fence: int, now: datetime) -> None:
        """For the first in line."""
        with self._lock:
            self.kept[lock] = replaced(self.state(lock), gone, fence, now)

    def line(self, lock: str) -> tuple[Holder, ...]:
        """Those that wait."""
        return self.state(lock).waiting

    def state(self, lock: str) -> LockState:
        """The lock as it is now."""
        return self.kept.get(lock, LockState())
