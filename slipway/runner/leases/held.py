"""A lease while it is worked on: whether the work is to stop, and why. Several threads change it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from slipway.runner.jobs import Lease


class Stop(StrEnum):
    """Why work is to stop. Lost: nobody is to hear of it any more."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    RETURNED = "handed back"
    LOST = "lost"


def instant() -> float:
    """Seconds that only go up, also while the machine sleeps, where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(slots=True, eq=False)
class Held:
    """A lease in work. answered: when we last heard that it is ours. began: whether the platform knows that it did.

    finishing: its end is being told.
    """

    lease: Lease
    answered: float
    beat_at: float
    deadline: float | None
    stop: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    why: Stop | None = None
    began: bool = False
    finishing: bool = False
    beating: bool = False
    doubts: int = 0
    on_lost: list[Callable[[str], None]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The lease's."""
        return self.lease.name

    def halt(self, why: Stop) -> None:
        """The work is to stop. The first reason counts, but a lost lease is lost."""
        if self.why is None or why is Stop.LOST:
            self.why = why
        self.stop.set()
        if why is Stop.LOST:
            self.lost.set()
            for tell in self.on_lost:
                tell("the lease of the job is lost")


def held_since(lease: Lease, now: float, beat: float) -> Held:
    """A lease just taken. Maybe it was ours for a while already: whether it still is, we hear as it begins."""
    timeout = lease.job.timeout
    return Held(lease=lease, answered=now, beat_at=now + beat, deadline=now + timeout if timeout is not None else None)
