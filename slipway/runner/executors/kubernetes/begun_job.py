"""A Job of ours: begun once, however often it is tried, and followed to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.runner.executors.kubernetes.cluster import ClusterError
from slipway.runner.executors.kubernetes.following import Followed, Lines, PodLogs
from slipway.runner.executors.kubernetes.grounds import Grounds, require_ours
from slipway.runner.executors.kubernetes.objects.json_object import (
    EVENT,
    JOB,
    POD,
    Json,
    condition_of,
    is_deleting,
    name_of,
    uid_of,
)
from slipway.runner.executors.kubernetes.objects.labels import HOLD, held
from slipway.runner.executors.kubernetes.observed import (
    by_age,
    exit_code,
    is_over,
    latest_warning,
    reason_of,
    waits_in_vain,
)
from slipway.runner.executors.kubernetes.watching import Query

_LOOK = 2.0
"""Seconds without pods after which it is asked why."""

_REST, _PAUSE = 10.0, 0.2
"""Seconds for which the pods of an ended Job may still be ending."""

Report = Callable[[Sequence[Json], str], None]
"""Is told of a Job's pods, and of why there are none."""

_HELD_AGAIN = HOLD.total_seconds() / 5


def begin_job(grounds: Grounds, body: Json, secrets: dict[str, str], directory: Path | None) -> Json:
    """Return the Job, begun: it is suspended until what belongs to it is there. Faults: StageFailedError, ClusterError.

    secrets, directory: what belongs to it. Whoever begins it again finds it, and goes on where it was left.
    """
    name, found = name_of(body), list[Json]()

    def is_there() -> bool:
        known = grounds.cluster.create(JOB, grounds.namespace, body)
        known = known or grounds.cluster.get(JOB, grounds.namespace, name)
        if known is None or is_deleting(known):
            return False
        require_ours(JOB, known)
        found.append(known)
        return True

    grounds.until(is_there, f"Job {name} of before is still being deleted")
    job = found[0]
    if job["spec"].get("suspend"):
        grounds.give(job, name, secrets, directory)
        job = grounds.cluster.merge(JOB, grounds.namespace, name, {"spec": {"suspend": False}})
    return job


@dataclass(slots=True, kw_only=True)
class JobFollowed:
    """A Job that is followed to its end. prefix: of the lines of its log."""

    grounds: Grounds
    job: Json
    report: Report
    prefix: str = ""
    _pods: list[Json] = field(default_factory=list)
    _noted: set[str] = field(default_factory=set)
    _held_at: float = field(default_factory=time.monotonic)
    _empty_since: float = field(default_factory=time.monotonic)

    def end(self) -> tuple[Json, list[Json]]:
        """Return the Job once it has ended, and its pods. Faults: StageCancelledError, StageFailedError."""
        grounds, name = self.grounds, name_of(self.job)
        pods = Query(kind=POD, namespace=grounds.namespace, labels=of_job(self.job))
        itself = Query(kind=JOB, namespace=grounds.namespace, fields=f"metadata.name={name}")
        followed = Followed(grounds.cluster, (pods, itself), grounds.task.stop)
        logs = PodLogs(grounds, lambda: self._pods, Lines(prefix=self.prefix, in_turn=True))
        try:
            while True:
                followed.has_changed(_LOOK)
                if grounds.task.stop.is_set():
                    raise StageCancelledError("stopped")
                if followed.is_listed and (ended := self._look(followed, logs)) is not None:
                    self._read_rest(logs)
                    return ended, self._pods
        finally:
            logs.close()
            followed.close()

    def _own(self, pods: Sequence[Json]) -> list[Json]:
        """Return the pods of this Job, and not of one before it that had its name."""
        return [pod for pod in pods if uid_of(self.job) in _owners(pod)]

    def _read_rest(self, logs: PodLogs) -> None:
        """Read what the pods have said to their ends. That of the Job may be known before those of its pods."""
        until = time.monotonic() + _REST
        while True:
            self._pods = self._own(self._listed())
            if all(map(is_over, self._pods)) or time.monotonic() > until:
                break
            time.sleep(_PAUSE)
        self._note_ends(self._pods)
        self.report(self._pods, "")
        logs.follow()
        logs.join()

    def _listed(self) -> list[Json]:
        """Return the pods as they are now, once the cluster answers. Faults: StageCancelledError, ClusterError."""
        while True:
            try:
                return self.grounds.cluster.listed(POD, self.grounds.namespace, labelSelector=of_job(self.job))[0]
            except ClusterError as error:
                if error.is_refusal:
                    raise
                if self.grounds.task.stop.wait(1.0):
                    raise StageCancelledError("stopped") from error

    def _look(self, followed: Followed, logs: PodLogs) -> Json | None:
        """Report what is so now; return the Job if it has ended. Faults: StageFailedError."""
        pods = self._pods = self._own(followed.lists[0].objects)
        self._note_ends(pods)
        logs.follow()
        self.report(pods, "" if pods else self._why_none())
        current = next((one for one in followed.lists[1].objects if uid_of(one) == uid_of(self.job)), None)
        if current is None or is_deleting(current):
            raise StageFailedError(f"Job {name_of(self.job)} was deleted in the cluster")
        if vain := next((pod for pod in pods if waits_in_vain(pod)), None):
            raise StageFailedError(f"pod {name_of(vain)} cannot start: {reason_of(vain)}")
        self._hold()
        has_ended = condition_of(current, "Complete") is not None or condition_of(current, "Failed") is not None
        return current if has_ended else None

    def _note_ends(self, pods: Sequence[Json]) -> None:
        """Say of each pod in whose place there is another why it ended; the end of the last is the Job's."""
        for pod in by_age(pods)[:-1]:
            if uid_of(pod) not in self._noted:
                self._noted.add(uid_of(pod))
                self.grounds.task.log.note(f"pod {name_of(pod)}: {reason_of(pod) or 'it failed'}; another one is tried")

    def _why_none(self) -> str:
        """Return why a Job that has begun has no pods, once it has none for a while: its events alone say so."""
        if time.monotonic() - self._empty_since < _LOOK:
            return ""
        try:
            fields = f"involvedObject.uid={uid_of(self.job)},type=Warning"
            found, _ = self.grounds.cluster.listed(EVENT, self.grounds.namespace, fieldSelector=fields)
        except ClusterError:
            return ""
        return latest_warning(found)

    def _hold(self) -> None:
        """Say now and then that somebody holds the Job."""
        if time.monotonic() - self._held_at < _HELD_AGAIN:
            return
        self._held_at = time.monotonic()
        part = {"metadata": {"annotations": held(self.grounds.now())}}
        try:
            self.grounds.cluster.merge(JOB, self.grounds.namespace, name_of(self.job), part)
        except ClusterError as error:
            self.grounds.task.log.note(f"the cluster does not note who holds the Job: {error}")


def of_job(job: Json) -> str:
    """Return the selector of a Job's pods."""
    return f"batch.kubernetes.io/job-name={name_of(job)}"


def last_exit_code(pods: Sequence[Json]) -> int | None:
    """Return the exit code of the pod that ended last."""
    codes = [exit_code(pod) for pod in by_age(pods)]
    return codes[-1] if codes else None


def _owners(pod: Json) -> set[str]:
    return {str(one.get("uid")) for one in pod["metadata"].get("ownerReferences") or ()}
