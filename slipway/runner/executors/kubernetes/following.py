"""Follow a workload's pods: their states to the platform, the logs of their containers to its log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from slipway.perform.logs import Stream
from slipway.runner.executors.kubernetes.cluster import Cluster
from slipway.runner.executors.kubernetes.grounds import Grounds
from slipway.runner.executors.kubernetes.objects.json_object import Json, name_of, uid_of
from slipway.runner.executors.kubernetes.observed import has_started, is_over, main_status
from slipway.runner.executors.kubernetes.pod_log import LogPlace, PodLog
from slipway.runner.executors.kubernetes.watching import Query, Watched
from slipway.runner.executors.port import PodState, Task

_TICK = 0.5
"""Seconds after which a stop is noticed."""

_LONGEST_REASON = 500
_REST = 10.0
"""Seconds that the rest of a log may take."""


class Followed:
    """Objects that are watched together. Whoever waits is woken once any of them has changed."""

    def __init__(self, cluster: Cluster, queries: Sequence[Query], stop: threading.Event) -> None:
        self._changed = threading.Condition()
        self._count, self._noted = 0, 0
        self._stop = stop
        self.lists = [Watched(cluster, query, self._wake) for query in queries]

    @property
    def is_listed(self) -> bool:
        """Whether all of them are known."""
        return all(one.is_listed for one in self.lists)

    def has_changed(self, seconds: float) -> bool:
        """Wait for a change, at most so long; return whether there was one. A task that is stopped waits no longer."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._count == self._noted and not self._stop.is_set() and time.monotonic() < deadline:
                self._changed.wait(_TICK)
            is_new, self._noted = self._count != self._noted, self._count
        return is_new

    def close(self) -> None:
        """Watch them no more."""
        for one in self.lists:
            one.close()

    def _wake(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """How the lines of pods come into the log. prefix: before each; named: the pod's name as well.

    in_turn: those of a pod after all of the pod before it. since: from when on, RFC 3339; blank for their beginnings.
    """

    prefix: str = ""
    named: bool = False
    in_turn: bool = False
    since: str = ""

    def before(self, pod: str) -> str:
        """Return what stands before a line of a pod."""
        return f"[{pod}] " if self.named else self.prefix


class PodLogs:
    """Follows the logs of pods, each start of a container once. pods: returns them as they are now."""

    def __init__(self, grounds: Grounds, pods: Callable[[], Sequence[Json]], lines: Lines) -> None:
        self._grounds, self._pods, self._lines = grounds, pods, lines
        self._followed: dict[tuple[str, int], PodLog] = {}

    def follow(self) -> None:
        """Follow what has begun since."""
        pods = self._pods()
        self._forget({uid_of(pod) for pod in pods})
        for pod in pods:
            place = (uid_of(pod), int(main_status(pod).get("restartCount") or 0))
            if has_started(pod) and place not in self._followed:
                if self._lines.in_turn:
                    self.join()
                self._followed[place] = self._log_of(pod, place[1])

    def join(self) -> None:
        """Wait for the rest of what has ended."""
        for one in self._followed.values():
            one.join(_REST)

    def close(self) -> None:
        """Follow nothing more."""
        for one in self._followed.values():
            one.close()

    def _forget(self, there: set[str]) -> None:
        """Forget the logs of pods that are gone, and of starts of which nothing is kept."""
        latest: dict[str, int] = {}
        for uid, start in self._followed:
            latest[uid] = max(start, latest.get(uid, 0))
        for uid, start in [*self._followed]:
            if uid not in there or start < latest[uid] - 1:
                self._followed.pop((uid, start)).join(_REST)

    def _log_of(self, pod: Json, start: int) -> PodLog:
        name, uid = name_of(pod), uid_of(pod)
        container = str(pod["spec"]["containers"][0]["name"])

        def latest() -> Json | None:
            return next((one for one in self._pods() if uid_of(one) == uid), None)

        def starts() -> int:
            found = latest()
            return start if found is None else int(main_status(found).get("restartCount") or 0)

        def has_ended() -> bool:
            found = latest()
            state = {} if found is None else main_status(found).get("state") or {}
            return found is None or is_over(found) or starts() > start or "terminated" in state

        prefix, log = self._lines.before(name), self._grounds.task.log
        place = LogPlace(
            namespace=self._grounds.namespace, pod=name, container=container, start=start, since=self._lines.since
        )
        return PodLog(
            self._grounds.cluster, place, lambda text: log.line(Stream.OUT, f"{prefix}{text}"),
            is_over=has_ended, starts=starts,
        )  # fmt: skip


class Reported:
    """Tells the platform of pods, whenever their states are others than before."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._states: tuple[PodState, ...] | None = None

    def report(self, states: Sequence[PodState]) -> None:
        """Tell of these pods."""
        told = tuple(replace(state, reason=state.reason[:_LONGEST_REASON]) for state in states)
        if told != self._states:
            self._states = told
            self._task.notify(told)
