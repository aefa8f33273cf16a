"""The fake of the port Locks, held to the same contract as the store by tests/store/runs/test_locks.py."""

from datetime import datetime
from threading import Lock

from chalicelib.store.runs.lock_line import LockState, Taking, freed, replaced, taken
from chalicelib.use_cases.ports.locks import Holder, Locks


class FakeLocks(Locks):
    """Locks in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, LockState] = {}
        self._lock = Lock()

    def take(self, lock: str, holder: Holder, now: datetime) -> Taking:
        del now
        with self._lock:
            self.kept[lock], answer = taken(self.state(lock), holder)
            return answer

    def free(self, lock: str, holder: Holder, now: datetime) -> tuple[Holder, int] | None:
        with self._lock:
            self.kept[lock], heir = freed(self.state(lock), holder, now)
            return heir

    def replace(self, lock: str, gone: Holder, fence: int, now: datetime) -> None:
        with self._lock:
            self.kept[lock] = replaced(self.state(lock), gone, fence, now)

    def holder(self, lock: str) -> Holder | None:
        return self.state(lock).holder

    def line(self, lock: str) -> tuple[Holder, ...]:
        return self.state(lock).waiting

    def state(self, lock: str) -> LockState:
        """The lock as it is now."""
        return self.kept.get(lock, LockState())
