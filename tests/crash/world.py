"""A world that can be set back: its clock and how far its ids and secrets are counted."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from tests.builders import NOON


@dataclass
class CrashWorld:
    """A clock that moves when told to, and counters. Pausing moves the clock."""

    at: datetime = NOON
    ids: int = 0
    secrets: int = 0
    process_key: bytes = b"of a test"
    lock: Lock = field(default_factory=Lock)

    def copied(self) -> "CrashWorld":
        """One of its own, where this one is."""
        return replace(self, lock=Lock())

    def now(self) -> datetime:
        """The time that was set."""
        return self.at

    def identifier(self) -> str:
        """The next id; they sort by their number."""
        with self.lock:
            self.ids += 1
            return f"{self.ids:026d}"

    def secret(self) -> str:
        """The next secret."""
        with self.lock:
            self.secrets += 1
            return f"secret-{self.secrets}"

    def pause(self, longest: float) -> None:
        """Moves the clock."""
        self.move(timedelta(seconds=longest))

    def move(self, by: timedelta) -> None:
        """Moves the clock."""
        self.at += by
