"""What lasts: its Deployment, with its Service and Ingress, kept as the manifest says until it is stopped.

It runs on without its runner. Handed back, or with its runner lost, it is taken over by the next; deleted, it is gone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC

from slipway.runner.executors.kubernetes.building import image_of
from slipway.runner.executors.kubernetes.cluster import ClusterError
from slipway.runner.executors.kubernetes.following import Followed, Lines, PodLogs, Reported
from slipway.runner.executors.kubernetes.grounds import Grounds, refused, require_ours
from slipway.runner.executors.kubernetes.objects import files
from slipway.runner.executors.kubernetes.objects.deployment import deployment_of
from slipway.runner.executors.kubernetes.objects.json_object import (
    CONFIG_MAP,
    DEPLOYMENT,
    INGRESS,
    POD,
    SECRET,
    SERVICE,
    Json,
    held_until,
    is_deleting,
    label_of,
    name_of,
    owned_by,
    uid_of,
)
from slipway.runner.executors.kubernetes.objects.labels import (
    HOLD,
    RUN,
    WORKLOAD,
    held,
    label_value,
    labels_of,
    named,
    selector_of,
)
from slipway.runner.executors.kubernetes.objects.publishing import ingress_of, service_of, unpublished_because
from slipway.runner.executors.kubernetes.observed import (
    exit_code,
    is_over,
    main_status,
    reason_of,
    refused_replicas,
    states_of,
)
from slipway.runner.executors.kubernetes.watching import Query
from slipway.runner.executors.port import PodState
from slipway_formats.workloads.manifest import WorkloadKind

_LOOK = 15.0
_HELD_AGAIN = HOLD.total_seconds() / 5
_CONFLICT = 409
_PAUSE = 1.0


@dataclass(slots=True, kw_only=True)
class Lasting:
    """A workload that lasts, while this runner keeps it."""

    grounds: Grounds
    _since: str = ""
    _held_at: float = 0.0
    _ends: dict[str, int] = field(default_factory=dict)
    _outdated: str = ""
    _complaint: str = ""

    def keep(self) -> None:
        """Keep it until the task is stopped. Faults: StageFailedError, StageCancelledError, ClusterError."""
        grounds, task = self.grounds, self.grounds.task
        try:
            self._establish()
        except ClusterError as error:
            raise refused(error, f"Deployment {task.manifest.name}") from error
        pods = Query(kind=POD, namespace=grounds.namespace, labels=selector_of(self._own_labels))
        itself = Query(kind=DEPLOYMENT, namespace=grounds.namespace, fields=f"metadata.name={task.manifest.name}")
        followed = Followed(grounds.cluster, (pods, itself), task.stop)
        logs = PodLogs(grounds, lambda: followed.lists[0].objects, Lines(named=True, since=self._since))
        try:
            self._follow(followed, logs, Reported(task))
        finally:
            logs.close()
            followed.close()
        self._end()

    @property
    def _own_labels(self) -> dict[str, str]:
        return {WORKLOAD: labels_of(self.grounds.task)[WORKLOAD]}

    def _follow(self, followed: Followed, logs: PodLogs, reported: Reported) -> None:
        while not self.grounds.task.stop.is_set():
            followed.has_changed(_LOOK)
            if not followed.is_listed:
                continue
            try:
                self._look(followed, logs, reported)
            except ClusterError as error:
                # What runs runs on, whether or not it can be looked at.
                if str(error) != self._complaint:
                    self._complaint = str(error)
                    self.grounds.task.log.note(f"the cluster: {error}")
                self.grounds.task.stop.wait(_PAUSE)

    def _look(self, followed: Followed, logs: PodLogs, reported: Reported) -> None:
        """Report what is so now, and mend what is missing."""
        manifest = self.grounds.task.manifest
        pods, current = followed.lists[0].objects, next(iter(followed.lists[1].objects), None)
        if current is None:
            self.grounds.task.log.note(f"Deployment {manifest.name} was deleted in the cluster, and is made anew")
            self._establish()
            return
        self._note_ends(pods)
        logs.follow()
        states = states_of(pods, manifest.container_port, manifest.replicas)
        if label_of(current, WORKLOAD) != self._own_labels[WORKLOAD]:
            # Another version has its place, and what is left of this one goes.
            reported.report(states)
            return
        self._hold(current)
        missing = PodState(name=manifest.name, image=manifest.image, reason=refused_replicas(current))
        reported.report(states or [missing])
        if self._outdated and _is_rolled_out(current):
            self._remove_outdated()

    def _establish(self) -> None:
        """Let everything be there: made, updated, or taken over from another runner as it is."""
        grounds = self.grounds
        while True:
            known = grounds.cluster.get(DEPLOYMENT, grounds.namespace, grounds.task.manifest.name)
            if known is not None and is_deleting(known):
                self._await_end(known)
                known = None
            if known is not None:
                require_ours(DEPLOYMENT, known)
            try:
                if known is not None and self._is_own(known):
                    self._take_over(known)
                else:
                    self._make(known)
                return
            except ClusterError as error:
                # Somebody changed it meanwhile.
                if error.status != _CONFLICT:
                    raise

    def _await_end(self, known: Json) -> None:
        name = name_of(known)

        def is_gone() -> bool:
            left = self.grounds.cluster.get(DEPLOYMENT, self.grounds.namespace, name)
            return left is None or uid_of(left) != uid_of(known)

        self.grounds.until(is_gone, f"Deployment {name} is still being deleted")

    def _is_own(self, known: Json) -> bool:
        """Whether it is this workload's, and not that of an earlier version; and all that belongs to it is made."""
        return label_of(known, WORKLOAD) == self._own_labels[WORKLOAD] and bool(known["spec"].get("replicas", 1))

    def _take_over(self, known: Json) -> None:
        """Go on with what an earlier run, or another runner, has kept: its pods run on."""
        grounds, until = self.grounds, held_until(known)
        if until is not None:
            self._since = f"{(until - HOLD).astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"
        grounds.task.log.note(f"Deployment {name_of(known)} is taken over")
        grounds.give(known, self._stem, dict(grounds.task.secrets), None)
        self._mark(known)

    def _make(self, known: Json | None) -> None:
        """Make it, or make it this version: what belongs to it is there before its pods are."""
        grounds, task = self.grounds, self.grounds.task
        body = deployment_of(task, grounds.spec(image_of(grounds), self._stem), grounds.now())
        empty = {**body, "spec": {**body["spec"], "replicas": 0}}
        owner = known or grounds.cluster.apply(DEPLOYMENT, grounds.namespace, empty)
        grounds.give(owner, self._stem, dict(task.secrets), files.directory_of(task))
        # Whoever changed it since must not be overwritten.
        version = {"resourceVersion": owner["metadata"]["resourceVersion"]}
        made = grounds.cluster.apply(
            DEPLOYMENT, grounds.namespace, {**body, "metadata": {**body["metadata"], **version}}
        )
        self._publish(made)
        if known is not None and label_of(known, WORKLOAD) != label_of(made, WORKLOAD):
            self._outdated = named(task.manifest.name, label_of(known, WORKLOAD))

    @property
    def _stem(self) -> str:
        """Return what names of what belongs to this version begin with; those of others stay while their pods do."""
        return named(self.grounds.task.manifest.name, self._own_labels[WORKLOAD])

    def _publish(self, deployment: Json) -> None:
        grounds, manifest = self.grounds, self.grounds.task.manifest
        if manifest.kind is not WorkloadKind.SERVICE:
            return
        grounds.cluster.apply(SERVICE, grounds.namespace, owned_by(deployment, service_of(grounds.task)))
        published = manifest.published
        if published is not None and not unpublished_because(published, grounds.settings):
            ingress = ingress_of(grounds.task, published, grounds.settings)
            grounds.cluster.apply(INGRESS, grounds.namespace, owned_by(deployment, ingress))

    def _note_ends(self, pods: Sequence[Json]) -> None:
        """Say of each pod that ended why."""
        for pod in pods:
            ends = int(main_status(pod).get("restartCount") or 0) + int(is_over(pod))
            if ends > self._ends.get(uid_of(pod), 0):
                self._ends[uid_of(pod)] = ends
                code = exit_code(pod)
                why = reason_of(pod) or (f"exit code {code}" if code is not None else "it ended")
                then = "another takes its place" if is_over(pod) else "starts again"
                self.grounds.task.log.note(f"pod {name_of(pod)}: {why}; {then}")
        self._ends = {uid: ends for uid, ends in self._ends.items() if uid in set(map(uid_of, pods))}

    def _remove_outdated(self) -> None:
        """Remove what belonged to the version before, once no pod of it is left."""
        for kind, what in ((SECRET, "secret"), (CONFIG_MAP, "files"), (SECRET, "registry")):
            self.grounds.cluster.delete(kind, self.grounds.namespace, named(self._outdated, what))
        self._outdated = ""

    def _hold(self, current: Json) -> None:
        """Say now and then that somebody holds it."""
        if time.monotonic() - self._held_at >= _HELD_AGAIN:
            self._mark(current)

    def _mark(self, known: Json) -> None:
        """Write down which run holds it, and until when."""
        grounds, self._held_at = self.grounds, time.monotonic()
        metadata = {"labels": {RUN: label_value(grounds.task.run)}, "annotations": held(grounds.now())}
        grounds.cluster.merge(DEPLOYMENT, grounds.namespace, name_of(known), {"metadata": metadata})

    def _end(self) -> None:
        """Leave it to the next runner, or remove it with all that belongs to it; another version stays."""
        grounds = self.grounds
        known = grounds.cluster.get(DEPLOYMENT, grounds.namespace, grounds.task.manifest.name)
        if known is None or label_of(known, WORKLOAD) != self._own_labels[WORKLOAD]:
            return
        if grounds.task.is_handed_back():
            self._mark(known)
        else:
            grounds.remove(DEPLOYMENT, known)


def _is_rolled_out(deployment: Json) -> bool:
    """Whether all pods of a Deployment are of its newest version, and ready."""
    status, wanted = deployment.get("status") or {}, int(deployment["spec"].get("replicas", 1))
    is_observed = int(status.get("observedGeneration") or 0) >= int(deployment["metadata"].get("generation") or 0)
    counts = (status.get("replicas"), status.get("updatedReplicas"), status.get("availableReplicas"))
    return is_observed and all(int(count or 0) == wanted for count in counts)
