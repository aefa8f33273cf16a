"""The log of one container, line by line: followed while it runs, taken up again where the connection was cut."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from slipway.runner.executors.kubernetes.cluster import Cluster, ClusterError, Stream
from slipway.runner.executors.kubernetes.objects.json_object import POD

_QUIET = 600.0
_PAUSES = (0.1, 5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """Which log. start: counts the starts of its container, from 0. since: RFC 3339, blank for its beginning."""

    namespace: str
    pod: str
    container: str
    start: int = 0
    since: str = ""


class PodLog:
    """Follows a log by a thread of its own. take: gets each line. starts: how often the container was started again.

    is_over: whether the container has ended, or is gone.
    """

    def __init__(
        self, cluster: Cluster, place: LogPlace, take: Callable[[str], None],
        *, is_over: Callable[[], bool], starts: Callable[[], int],
    ) -> None:  # fmt: skip
        self._cluster, self._place, self._take = cluster, place, take
        self._is_over, self._starts = is_over, starts
        # The instant of the last line, and how many lines have it: what is read again is left out.
        self._at, self._same = place.since, 0
        self._stream: Stream | None = None
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"log-{place.pod}", daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait until all is read, at most so long; then it is followed no more."""
        self._thread.join(seconds)
        self.close()

    def close(self) -> None:
        """Follow it no more."""
        self._closed.set()
        if self._stream is not None:
            self._stream.close()
        self._thread.join(1.0)

    def _run(self) -> None:
        pause = _PAUSES[0]
        while not self._closed.is_set():
            # Asked before it is read: what ends meanwhile has more to say.
            was_over, before = self._is_over(), self._at
            try:
                self._follow()
            except ClusterError as error:
                if error.status in {400, 404} and was_over:
                    return
                was_over = False
            if was_over:
                return
            pause = _PAUSES[0] if self._at != before else min(pause * 2, _PAUSES[1])
            self._closed.wait(pause)

    def _follow(self) -> None:
        place = self._place
        query = {"container": place.container, "timestamps": "true", "follow": "true"}
        if self._at:
            # It takes whole seconds.
            query["sinceTime"] = f"{datetime.fromisoformat(self._at).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        again = self._starts() - place.start
        if again > 1:
            # Of starts before the last one the cluster keeps nothing.
            raise ClusterError(404, "the log is gone")
        if again == 1:
            query["previous"] = "true"
        self._stream = self._cluster.stream(f"{POD.path(place.namespace, place.pod)}/log", query, _QUIET)
        if self._closed.is_set():
            self._stream.close()
        skipped = 0
        for line in self._stream:
            at, _, text = line.partition(" ")
            if not at[:1].isdigit():
                # What the node says itself has no instant.
                self._take(line)
                continue
            if at < self._at:
                continue
            if at == self._at and skipped < self._same:
                skipped += 1
                continue
            self._same = self._same + 1 if at == self._at else 1
            self._at = at
            skipped = self._same
            self._take(text)
