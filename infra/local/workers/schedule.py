"""Local EventBridge schedules: call a function at a fixed rate, never twice at once."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

from infra.local.context import Context

logger = logging.getLogger("schedule")

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """A function that time wakes. turns: how many calls make up a whole; each is told which of them it is."""

    function: str
    handler: Callable[[Event, Any], Mapping[str, Any] | None]
    every: timedelta
    turns: int = 1
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the schedule."""
        threading.Thread(target=self._tick, name=self.function, daemon=True).start()

    def stop(self) -> None:
        """Stop the schedule."""
        self.stopping.set()

    def _tick(self) -> None:
        # On the beat, so that a function that does something once a minute meets each second of it once.
        turns = cycle(range(self.turns))
        while not self.stopping.wait(self._until_next(time.time())):
            self._wake(next(turns))

    def _until_next(self, now: float) -> float:
        pace = self.every.total_seconds()
        return pace - now % pace

    def _wake(self, turn: int) -> None:
        # By count, not by the clock: after a call that took longer the next turn comes all the same.
        detail = {"turn": turn, "of": self.turns} if self.turns > 1 else {}
        try:
            event = event_at(datetime.now(UTC), self.function) | {"detail": detail}
            self.handler(event, Context(function=self.function))
        except Exception:
            logger.exception("%s failed", self.function)


def event_at(now: datetime, function: str) -> Event:
    """Return the event of a schedule, as EventBridge sends it."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:000000000000:rule/{function}"],
        "detail": {},
    }
