"""A held lease: whether its job must stop, and why. Several threads change it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from slipway.runner.job_records import Lease


class Stop(StrEnum):
    """Why a job must stop. LOST: it also stops reporting."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    RETURNED = "handed back"
    LOST = "lost"


def instant() -> float:
    """Return a monotonic time in seconds that includes suspended time where the system supports it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True, eq=False)
class Held:
    """A held lease. renewed: when it surely was, last. began: whether the platform knows that work began.

    finishing: its end is being reported.
    """

    lease: Lease
    renewed: float
    beat_at: float
    deadline: float | None
    stop: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    why: Stop | None = None
    began: bool = False
    finishing: bool = False
    doubts: int = 0
    on_lost: list[Callable[[str], None]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the lease."""
        return self.lease.name

    def halt(self, why: Stop) -> None:
        """Stop the job. The first reason counts, but LOST overrides it."""
        if self.why is None or why is Stop.LOST:
            self.why = why
        self.stop.set()
        if why is Stop.LOST:
            self.lost.set()
            for tell in self.on_lost:
                tell("the lease of the job is lost")


def held_since(lease: Lease, now: float, beat: float) -> Held:
    """Return a lease as just received. It may have expired meanwhile: the first heartbeat shows that."""
    timeout = lease.job.timeout
    deadline = now + timeout if timeout is not None else None
    return Held(lease=lease, renewed=now, beat_at=now + beat, deadline=deadline, began=lease.began is True)
