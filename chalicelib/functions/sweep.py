"""The Lambda that runs every minute: enqueues what is due soon, and seals the audit log.

Where it runs more often, a call may be for some of the parts alone: its event says whose turn it is.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import islice
from threading import Lock
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import attempt
from chalicelib.use_cases.audit.seal import seal_audit
from chalicelib.use_cases.enqueue_due import Sweep, sweep_from
from chalicelib.use_cases.insights.count import count_deployments
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import SHARDS, Due
from chalicelib.use_cases.retention.archive_runs import Enlisting, archive_runs
from chalicelib.use_cases.runs.sweep import sweep_deliveries, sweep_shard
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.trains.sweep import sweep_trains
from chalicelib.use_cases.workloads.sweep import sweep_workloads
from slipway_formats.frozen import frozen

PARTS = SHARDS + 7
"""At most, of one sweep."""
SELDOM = frozenset({"archived", "sealed"})
"""Parts that are not due at every sweep."""

NOT_AGAIN_WITHIN = timedelta(seconds=10)
"""On one machine sweeps run each second, and what is overdue stays in the index until it is processed."""

Part = Callable[[], object]


@frozen
class Turn:
    """Which parts a sweep is for: each `of`-th, from the one with this number on."""

    number: int = 0
    of: int = 1

    def share(self, parts: Mapping[str, Part]) -> dict[str, Part]:
        """Return the parts whose turn it is. Together the turns have each part once."""
        return dict(islice(parts.items(), self.number, None, self.of))


WHOLE = Turn()


def turn_in(event: Mapping[str, Any]) -> Turn:
    """Return whose turn it is by the event of a schedule: that of all, unless it says otherwise."""
    told = event.get("detail") or {}
    return Turn(number=int(told["turn"]), of=int(told["of"])) if "turn" in told else WHOLE


@dataclass(slots=True)
class Minutes:
    """The minute of the last sweep in this process, and how far what is done once a minute has come.

    Other processes may seal in the same one: sealing twice is no harm.
    """

    last: datetime | None = None
    enlisting: Enlisting = field(default_factory=Enlisting)

    def is_new(self, now: datetime) -> bool:
        """Return True if this is another minute than at the last call."""
        before, self.last = self.last, now.replace(second=0, microsecond=0)
        return self.last != before


@dataclass(slots=True)
class RecentlyEnqueued:
    """What this process enqueued recently, so as not to enqueue it again: duplicates make a lagging queue worse."""

    latest: dict[Due, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def is_new(self, now: datetime, due: Due) -> bool:
        """Return True, and remember it, if this was not enqueued recently."""
        with self._lock:
            is_new = self.latest.get(due, now - NOT_AGAIN_WITHIN) <= now - NOT_AGAIN_WITHIN
            if is_new:
                self.latest[due] = now
        return is_new

    def forget(self, now: datetime) -> None:
        """Forget what was not enqueued recently."""
        with self._lock:
            self.latest = {due: at for due, at in self.latest.items() if at > now - NOT_AGAIN_WITHIN}


MINUTES = Minutes()
RECENT = RecentlyEnqueued()


class Unswept(Exception):  # noqa: N818 - says what was left undone, as the faults do
    """Parts of a sweep failed, which are in the log: Lambda counts an error, and an alarm tells of it."""


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Sweep and seal. Raises Unswept if a part failed; the others are done."""
    return whole(sweep(wiring.ports(), MINUTES, RECENT, turn_in(event)))


def whole(done: dict[str, bool]) -> dict[str, bool]:
    """Return what a sweep did. Raises Unswept if a part failed of those that are due at every sweep."""
    failed = [part for part, is_done in done.items() if not is_done and part not in SELDOM]
    if failed:
        raise Unswept(", ".join(failed))
    return done


def sweep(
    ports: Ports, minutes: Minutes | None = None, recent: RecentlyEnqueued | None = None, turn: Turn = WHOLE
) -> dict[str, bool]:
    """Sweep the parts whose turn it is at once, and return of each whether it was done.

    Seal and archive once a minute, however often and at whichever second sweeps run. minutes, recent: the state of
    earlier sweeps, if any.
    """
    known, now = recent or RecentlyEnqueued(), ports.clock.now()
    known.forget(now)
    parts = turn.share(_parts(ports, sweep_from(now, ports.settings.sweep_ahead, partial(known.is_new, now))))
    minutes = minutes or Minutes()
    if minutes.is_new(now):
        parts["sealed"] = partial(_seal, ports, now)
        parts["archived"] = partial(archive_runs, ports, now, minutes.enlisting)
    # All at once: a crowd in one part must not use up the time of another.
    done = dict(zip(parts, _threads().map(_attempt, parts, parts.values()), strict=True))
    return {**dict.fromkeys(sorted(SELDOM), False), **done}


def _parts(ports: Ports, one: Sweep) -> dict[str, Part]:
    """What is due at every sweep, by name. The calls that a part takes at rest are spread over all turns."""
    return {
        **{f"shard {shard}": partial(sweep_shard, ports, one, shard) for shard in range(SHARDS)},
        "trains": partial(sweep_trains, ports, one),
        "insights": partial(count_deployments, ports, one),
        "events": partial(dispatch_events, ports, one.until),
        "owed": partial(sweep_deliveries, ports, one),
        "workloads": partial(sweep_workloads, ports, one),
    }


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Return the threads of all sweeps of this process: to start them anew costs more than a part at rest."""
    return ThreadPoolExecutor(max_workers=PARTS, thread_name_prefix="sweep")


def _seal(ports: Ports, now: datetime) -> None:
    seal_audit(ports, now)
    ports.audits.relist(now)


def _attempt(part: str, work: Part) -> bool:
    return attempt(work, part=part)
