"""Local EventBridge schedules: call a function at a fixed rate, never twice at once."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.context import Context

logger = logging.getLogger("schedule")

Event = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """A function that time wakes."""

    function: str
    handler: Callable[[Event, Any], Mapping[str, Any] | None]
    every: timedelta
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the schedule."""
        threading.Thread(target=self._tick, name=self.function, daemon=True).start()

    def stop(self) -> None:
        """Stop the schedule."""
        self.stopping.set()

    def _tick(self) -> None:
        # On the beat, so that a function that does something once a minute meets each second of it once.
        while not self.stopping.wait(self._until_next(time.time())):
            self._wake()

    def _until_next(self, now: float) -> float:
        pace = self.every.total_seconds()
        return pace - now % pace

    def _wake(self) -> None:
        try:
            self.handler(event_at(datetime.now(UTC), self.function), Context(function=self.function))
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
