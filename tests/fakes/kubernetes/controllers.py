"""The controllers of a fake cluster: Jobs and Deployments get pods, what has lost its owner goes, namespaces end."""

import copy
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import count

from tests.fakes.kubernetes.store import FOREGROUND, Json, Place, Refused, Store, owners, place_of

HASH = "pod-template-hash"
_OF_JOB = "batch.kubernetes.io/job-name"
_NAMES = count(1)
_TICK = 0.05


class Controllers:
    """Bring about what objects say, by a thread of their own. pause: seconds before a job's second pod."""

    def __init__(self, store: Store, pause: float = 0.05) -> None:
        self._store, self._pause = store, pause
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="controllers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closed.set()
        with self._store.lock:
            self._store.lock.notify_all()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._closed.is_set():
            with self._store.lock:
                before = self._store.version
            for plural, reconcile in (("jobs", self._job), ("deployments", self._deployment)):
                for found in self._store.of(plural):
                    with suppress(Refused):
                        reconcile(found)
            self._collect()
            self._end_namespaces()
            with self._store.lock:
                if self._store.version == before:
                    self._store.lock.wait(_TICK)

    def _job(self, job: Json) -> None:
        if job["metadata"].get("deletionTimestamp") or job["spec"].get("suspend") or _is_ended(job):
            return
        pods = [pod for pod in self._store.of("pods", job["metadata"]["namespace"]) if _owns(job, pod)]
        failed = [pod for pod in pods if _phase(pod) == "Failed" and not _is_disrupted(pod)]
        active = [pod for pod in pods if _phase(pod) not in {"Failed", "Succeeded"}]
        status = job.get("status") or {}
        if "startTime" not in status:
            self._status(job, "jobs", startTime=_now(), began=time.monotonic())
        elif _is_late(job):
            for pod in active:
                self._store.delete(place_of("pods", pod))
            self._fail(job, "DeadlineExceeded", "Job was active longer than specified deadline")
        elif any(_phase(pod) == "Succeeded" for pod in pods):
            self._status(job, "jobs", succeeded=1, active=0, conditions=[_condition("Complete")])
        elif len(failed) > job["spec"].get("backoffLimit", 6):
            self._fail(job, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
        elif not active and _may_start(failed, self._pause):
            self._new_pod("jobs", job, {_OF_JOB: job["metadata"]["name"]})

    def _fail(self, job: Json, reason: str, message: str) -> None:
        self._status(job, "jobs", active=0, conditions=[_condition("Failed", reason, message)])

    def _deployment(self, deployment: Json) -> None:
        if deployment["metadata"].get("deletionTimestamp"):
            return
        wanted = deployment["spec"].get("replicas", 1)
        version = sha256(json.dumps(deployment["spec"]["template"], sort_keys=True).encode()).hexdigest()[:8]
        pods = [pod for pod in self._store.of("pods", deployment["metadata"]["namespace"]) if _owns(deployment, pod)]
        live = [pod for pod in pods if _phase(pod) != "Failed" and not pod["metadata"].get("deletionTimestamp")]
        new = [pod for pod in live if pod["metadata"]["labels"][HASH] == version]
        old = [pod for pod in live if pod not in new]
        recreates = (deployment["spec"].get("strategy") or {}).get("type") == "Recreate"
        failure: list[Json] = []
        if not (recreates and any(pod not in new for pod in pods if _phase(pod) != "Failed")):
            for _ in range(wanted - len(new)):
                try:
                    self._new_pod("deployments", deployment, {HASH: version})
                except Refused as refused:
                    failure = [_condition("ReplicaFailure", "FailedCreate", refused.message)]
                    break
        surplus = new[wanted:]
        ready = [pod for pod in new if _is_ready(pod)]
        for pod in (*surplus, *(old if recreates or len(ready) >= wanted else ())):
            self._store.delete(place_of("pods", pod))
        self._status(
            deployment, "deployments", replicas=len(live), updatedReplicas=len(new), readyReplicas=len(ready),
            availableReplicas=len(ready), observedGeneration=deployment["metadata"]["generation"], conditions=failure,
        )  # fmt: skip

    def _new_pod(self, plural: str, owner: Json, labels: Json) -> None:
        template, metadata = copy.deepcopy(owner["spec"]["template"]), owner["metadata"]
        reference = {
            "apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": metadata["name"], "uid": metadata["uid"],
            "controller": True, "blockOwnerDeletion": True,
        }  # fmt: skip
        body = {
            "apiVersion": "v1", "kind": "Pod", "spec": template["spec"], "status": {"phase": "Pending"},
            "metadata": {
                "name": f"{metadata['name'][:50]}-{next(_NAMES):05d}", "ownerReferences": [reference],
                "labels": {**template["metadata"]["labels"], **labels},
            },
        }  # fmt: skip
        try:
            self._store.create("pods", metadata["namespace"], body)
        except Refused as refused:
            if plural == "jobs":
                self._warn(owner, refused.message)
            raise

    def _warn(self, found: Json, message: str) -> None:
        metadata = found["metadata"]
        body = {
            "apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "FailedCreate", "message": message,
            "metadata": {"name": f"{metadata['name']}.{metadata['uid'][:8]}"}, "lastTimestamp": _now(),
            "involvedObject": {"kind": found["kind"], "name": metadata["name"], "uid": metadata["uid"]},
        }  # fmt: skip
        with suppress(Refused):
            self._store.create("events", metadata["namespace"], body)

    def _status(self, found: Json, plural: str, **said: object) -> None:
        def change(one: Json) -> None:
            one["status"] = {**(one.get("status") or {}), **said}

        self._store.update(place_of(plural, found), change)

    def _collect(self) -> None:
        """Let dependents go whose owners are gone, or wait for them to be."""
        with self._store.lock:
            found = copy.deepcopy(self._store.objects)
        there = {one["metadata"]["uid"]: one for one in found.values()}
        for place, one in found.items():
            waiting = FOREGROUND in (one["metadata"].get("finalizers") or ())
            if waiting and not self._store.dependents(one["metadata"]["uid"]):
                self._quietly(partial(self._store.update, place, _without_foreground))
            held = owners(one)
            is_left = bool(held) and not any(uid in there and not _is_foreground(there[uid]) for uid in held)
            if is_left and not one["metadata"].get("deletionTimestamp"):
                self._quietly(partial(self._store.delete, place, foreground=True))

    def _end_namespaces(self) -> None:
        for namespace in self._store.of("namespaces"):
            name = namespace["metadata"]["name"]
            if not namespace["metadata"].get("deletionTimestamp"):
                continue
            with self._store.lock:
                inside = [place for place in self._store.objects if place.namespace == name]
            for place in inside:
                self._quietly(partial(self._store.delete, place))
            if not inside and namespace["metadata"].get("finalizers") == ["kubernetes"]:
                self._quietly(partial(self._store.drop, place_of("namespaces", namespace)))

    def _quietly(self, act: Callable[[], object]) -> None:
        with suppress(Refused):
            act()


def _condition(kind: str, reason: str = "", message: str = "") -> Json:
    return {"type": kind, "status": "True", "reason": reason, "message": message}


def _is_ended(job: Json) -> bool:
    return bool((job.get("status") or {}).get("conditions"))


def _is_late(job: Json) -> bool:
    seconds = job["spec"].get("activeDeadlineSeconds")
    return bool(seconds) and time.monotonic() - job["status"]["began"] > seconds


def _owns(owner: Json, pod: Json) -> bool:
    return owner["metadata"]["uid"] in owners(pod)


def _phase(pod: Json) -> str:
    return str((pod.get("status") or {}).get("phase"))


def _is_ready(pod: Json) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _is_disrupted(pod: Json) -> bool:
    return any(one["type"] == "DisruptionTarget" for one in pod["status"].get("conditions") or ())


def _may_start(failed: list[Json], pause: float) -> bool:
    ends = [pod["status"].get("ended", 0.0) for pod in failed]
    return not ends or time.monotonic() - max(ends) >= pause * 2 ** (len(ends) - 1)


def _is_foreground(owner: Json) -> bool:
    return FOREGROUND in (owner["metadata"].get("finalizers") or ())


def _without_foreground(found: Json) -> None:
    found["metadata"]["finalizers"] = [one for one in found["metadata"]["finalizers"] if one != FOREGROUND]


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def place_in(plural: str, namespace: str, name: str) -> Place:
    return Place(plural=plural, namespace=namespace, name=name)
