"""Heartbeats of all leases, sent by threads. Stops jobs that are cancelled, timed out or lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from slipway.client_error import ApiError
from slipway.runner.job_records import LeaseState
from slipway.runner.jobs import JobsApi, LeaseLostError
from slipway.runner.leases.guard import ProcessGuard
from slipway.runner.leases.held import Held, Stop, instant

_TICK = 0.2
_DOUBT = 0.3
_DOUBTS = 2
_PAUSES = (0.1, 1.0)
_MOST = 100
_UNKNOWN = frozenset({404, 405})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds. beat: between heartbeats. again: before a retry. silence: without a renewal until the lease is lost."""

    beat: float = 5.0
    again: float = 1.0
    silence: float = 20.0


class Heartbeat:
    """Keeps every lease alive that it holds: all by one call."""

    def __init__(self, api: JobsApi, guard: ProcessGuard, say: Callable[[str], None], timing: Timing) -> None:
        self._api, self._guard, self._say, self.timing = api, guard, say, timing
        self._held: set[Held] = set()
        self._changed = threading.Condition()
        self._closed = self._is_beating = False
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def hold(self, held: Held) -> None:
        """Start renewing the lease."""
        self._guard.hold(held.name)
        with self._changed:
            self._held.add(held)
            if len(self._held) == 1:
                self._changed.notify()

    def free(self, held: Held) -> None:
        """Stop renewing the lease."""
        with self._changed:
            self._held.discard(held)
        self._guard.free(held.name)

    def begin(self, held: Held) -> bool:
        """Report that work begins, if the platform does not know. False if the job was stopped or its lease is lost.

        Retries until the platform answers: a lease that is lost before that counts as no attempt.
        """
        pause, longest = _PAUSES
        while not held.began and not held.stop.is_set() and not self._is_heard(held, began=True):
            held.stop.wait(pause)
            pause = min(pause * 2, longest)
        held.began = not held.stop.is_set()
        return held.began

    def lose(self, held: Held, why: str) -> None:
        """Give the lease up: kill its processes and stop reporting."""
        if held.lost.is_set():
            return
        self._say(f"{held.name}: {why}: its processes are killed")
        held.halt(Stop.LOST)
        self._guard.kill(held.name)

    def check(self, held: Held) -> None:
        """Send a heartbeat now, and mark the lease as lost if it is. Faults: ApiError."""
        try:
            self._api.beat(held.lease, began=held.began)
        except LeaseLostError as error:
            self.lose(held, str(error))

    def close(self) -> None:
        """Stop the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._closed)
                known = tuple(self._held)
            for held in known:
                self._check(held)
            alive = [held for held in known if not held.lost.is_set()]
            if not self._is_beating and any(instant() >= held.beat_at for held in alive):
                self._is_beating = True
                threading.Thread(target=self._beat, args=(alive,), name="beat", daemon=True).start()
            time.sleep(_TICK)

    def _check(self, held: Held) -> None:
        """Stop a job whose time is over, and give up a lease that was not renewed for too long."""
        now = instant()
        if held.deadline is not None and now >= held.deadline and held.why is None:
            held.halt(Stop.TIMED_OUT)
        if now - held.renewed >= self.timing.silence:
            self.lose(held, f"the platform has not renewed its lease for {self.timing.silence:g} s")

    def _beat(self, held: Sequence[Held]) -> None:
        try:
            for start in range(0, len(held), _MOST):
                self._beat_together(held[start : start + _MOST])
        finally:
            self._is_beating = False

    def _beat_together(self, several: Sequence[Held]) -> None:
        asked_at = instant()
        try:
            kept = self._api.beat_all([(held.lease, held.began) for held in several])
        except ApiError as error:
            if error.status in _UNKNOWN:
                self._beat_each(several)
                return
            kept = [None] * len(several)
        for held, told in zip(several, kept, strict=True):
            if told is None:
                held.beat_at = instant() + self.timing.again
            elif told.lost:
                self._lease_doubted(held, told.lost)
            else:
                self.confirm(held, asked_at, told)

    def _beat_each(self, several: Sequence[Held]) -> None:
        """Beat for each lease on its own, all at once: the platform is older than this runner."""
        own = [partial(self._is_heard, held, began=held.began) for held in several]
        beats = [threading.Thread(target=one, daemon=True) for one in own]
        for beat in beats:
            beat.start()
        for beat in beats:
            beat.join()

    def _is_heard(self, held: Held, *, began: bool) -> bool:
        asked_at = instant()
        try:
            cancel = self._api.beat(held.lease, began=began)
        except LeaseLostError as error:
            self._lease_doubted(held, str(error))
        except ApiError:
            held.beat_at = instant() + self.timing.again
        else:
            self.confirm(held, asked_at, LeaseState(cancel=cancel))
            return True
        return False

    def confirm(self, held: Held, asked_at: float, told: LeaseState) -> None:
        """Note what the platform says of a lease that it holds: also by a call that is no heartbeat."""
        held.beat_at, held.doubts = asked_at + self.timing.beat, 0
        renewed = max(held.renewed, asked_at - told.ago)
        with self._changed:
            if held in self._held and renewed > held.renewed:
                self._guard.hold(held.name, instant() - renewed)
        held.renewed = renewed
        if told.cancel:
            held.halt(Stop.CANCELLED)

    def _lease_doubted(self, held: Held, why: str) -> None:
        # Concurrent changes of a job are 409 too: only a second 409 means a lost lease. `finish` checks for itself.
        held.doubts += 1
        held.beat_at = instant() + _DOUBT
        if held.doubts >= _DOUBTS and not held.finishing:
            self.lose(held, why)
