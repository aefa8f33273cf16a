"""The fake of the ports Clock and Ids: a clock that moves when told to, ids that count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

from chalicelib.use_cases.ports.clock import Clock, Ids
from tests.builders import NOON


class FakeWorld(Clock, Ids):
    """A clock set by hand. Pausing moves it by the longest while."""

    process_key = b"of a test"

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._ids = count(1)
        self._secrets = count(1)
        self._lock = Lock()

    def now(self) -> datetime:
        return self.at

    def identifier(self) -> str:
        with self._lock:
            return f"{next(self._ids):026d}"

    def secret(self) -> str:
        with self._lock:
            return f"secret-{next(self._secrets)}"

    def pause(self, longest: float) -> None:
        self.move(timedelta(seconds=longest))

    def move(self, by: timedelta) -> None:
        """Moves the clock."""
        self.at += by


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Ids that differ from those of every other such source of the process."""

    name: str

    def __call__(self) -> str:
        """The next one."""
        return f"{self.name}{next(_IDENTIFIERS):022d}"


_IDENTIFIERS = count(1)
