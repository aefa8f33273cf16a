"""What the cluster says of pods and jobs, as the platform is told: phases, exit codes, and reasons for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from slipway.runner.executors.kubernetes.objects.json_object import Json, condition_of, is_deleting, name_of
from slipway.runner.executors.port import PodState

_PHASES = frozenset({"Pending", "Running", "Succeeded", "Failed"})
INCURABLE = frozenset({"InvalidImageName", "ErrImageNeverPull"})
"""Reasons for which a pod waits that no waiting cures."""

_USUAL = frozenset({"ContainerCreating", "PodInitializing", ""})


def pod_state(pod: Json, port: int) -> PodState:
    """Return a pod as it is reported. port: at which it answers, 0 for none."""
    status, main = pod.get("status") or {}, main_status(pod)
    phase, is_ready = str(status.get("phase", "")), condition_of(pod, "Ready") is not None and not is_deleting(pod)
    return PodState(
        name=name_of(pod),
        phase=phase if phase in _PHASES else "Unknown",
        started_at=str(status.get("startTime") or ""),
        restarts=int(main.get("restartCount") or 0),
        exit_code=exit_code(pod),
        ready=is_ready,
        address=_address(str(status.get("podIP") or ""), port) if is_ready and port else "",
        image=str(main.get("image") or pod["spec"]["containers"][0]["image"]),
        node=str(pod["spec"].get("nodeName") or ""),
        reason="" if is_ready else reason_of(pod),
    )


def main_status(pod: Json) -> Json:
    """Return what is known of a pod's one container; nothing before it was created."""
    return next(iter((pod.get("status") or {}).get("containerStatuses") or ()), {})


def exit_code(pod: Json) -> int | None:
    """Return the code of the last end of a pod's container."""
    main = main_status(pod)
    for state in (main.get("state") or {}, main.get("lastState") or {}):
        if "terminated" in state:
            return int(state["terminated"].get("exitCode", 1))
    return None


def has_started(pod: Json) -> bool:
    """Whether a pod's container has a log."""
    state = main_status(pod).get("state") or {}
    return "running" in state or "terminated" in state


def is_over(pod: Json) -> bool:
    """Whether a pod will not run again."""
    return (pod.get("status") or {}).get("phase") in {"Succeeded", "Failed"}


def reason_of(pod: Json) -> str:
    """Return why a pod does not run, or is not ready; blank if there is no reason but time."""
    status = pod.get("status") or {}
    return _said(status) or _of_containers(status) or _unscheduled(pod)


def waits_in_vain(pod: Json) -> bool:
    """Whether a pod waits for what will never come."""
    waiting = (main_status(pod).get("state") or {}).get("waiting") or {}
    return waiting.get("reason") in INCURABLE


def job_failure(job: Json) -> tuple[str, str] | None:
    """Return reason and message of a Job that has failed; None for one that has not."""
    failed = condition_of(job, "Failed")
    return None if failed is None else (str(failed.get("reason", "")), str(failed.get("message", "")))


def refused_replicas(deployment: Json) -> str:
    """Return why pods of a Deployment cannot be made, such as a quota; blank if they can."""
    failure = condition_of(deployment, "ReplicaFailure")
    return str(failure.get("message") or failure.get("reason") or "") if failure is not None else ""


def latest_warning(events: Iterable[Json]) -> str:
    """Return the last of some events in words."""
    ordered = sorted(events, key=lambda one: str(one.get("lastTimestamp") or one.get("eventTime") or ""))
    return f"{ordered[-1].get('reason', '')}: {ordered[-1].get('message', '')}" if ordered else ""


def states_of(pods: Sequence[Json], port: int, replicas: int) -> list[PodState]:
    """Return the pods of what lasts: those that live, and of the dead ones as many as are missing, the latest first."""
    live = [pod for pod in pods if not is_over(pod) and not is_deleting(pod)]
    dead = by_age([pod for pod in pods if is_over(pod)])[::-1]
    return [pod_state(pod, port) for pod in (*live, *dead[: max(0, replicas - len(live))])]


def by_age(pods: Sequence[Json]) -> list[Json]:
    """Return pods by when they were made, the oldest first; those of one second by when they have changed."""

    def age(pod: Json) -> tuple[str, int]:
        version = str(pod["metadata"].get("resourceVersion") or "")
        return str(pod["metadata"].get("creationTimestamp") or ""), int(version) if version.isdecimal() else 0

    return sorted(pods, key=age)


def state_of_job(pods: Sequence[Json]) -> list[PodState]:
    """Return a job's one pod, the latest; those before it count as its earlier starts."""
    ordered = by_age(pods)
    if not ordered:
        return []
    state = pod_state(ordered[-1], 0)
    return [PodState(**{**_fields(state), "restarts": len(ordered) - 1 + state.restarts})]


def _fields(state: PodState) -> Json:
    return {name: getattr(state, name) for name in PodState.__slots__}


def _address(ip: str, port: int) -> str:
    host = f"[{ip}]" if ":" in ip else ip
    return f"http://{host}:{port}" if ip else ""


def _said(status: Json) -> str:
    """Return what is said of the pod as a whole, such as that its node gave it up."""
    reason, message = str(status.get("reason") or ""), str(status.get("message") or "")
    return f"{reason}: {message}" if reason and message else reason or message


def _of_containers(status: Json) -> str:
    """Return what is said of the first container that is not as it should be."""
    held = (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ()))
    return next((said for one in held if (said := _of_container(one))), "")


def _of_container(status: Json) -> str:
    state, last = status.get("state") or {}, status.get("lastState") or {}
    if "terminated" in state:
        return _ended(state["terminated"])
    waiting = state.get("waiting") or {}
    reason, message = str(waiting.get("reason", "")), str(waiting.get("message", ""))
    said = "" if reason in _USUAL else f"{reason}: {message}" if message else reason
    return "; ".join(filter(None, (_ended(last["terminated"]) if "terminated" in last and waiting else "", said)))


def _ended(terminated: Json) -> str:
    code, reason = int(terminated.get("exitCode", 1)), str(terminated.get("reason") or "")
    if code == 0:
        return ""
    words = "" if reason in {"Error", "Completed", ""} else f" ({reason})"
    message = f": {terminated['message']}" if terminated.get("message") else ""
    return f"exit code {code}{words}{message}"


def _unscheduled(pod: Json) -> str:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    found: Json = next(
        (one for one in conditions if one.get("type") == "PodScheduled" and one.get("status") == "False"), {}
    )
    return f"{found.get('reason', '')}: {found.get('message', '')}".strip(": ")
