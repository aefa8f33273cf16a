"""The HTTP calls about jobs. loop, heartbeat and log_uploader decide when to call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from slipway.client import ApiRequest, Client, segment
from slipway.client_error import ApiError, unanswered
from slipway.runner.job_records import (
    Append,
    Assignment,
    Chunk,
    Ending,
    Grown,
    Job,
    Lease,
    LeaseState,
    Offer,
    Said,
    Want,
)

_LOST = frozenset({HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND})
_UNREADABLE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_QUICK = 4.0
_USUAL = 10.0
_ENDLESS = 1e9


class LeaseLostError(Exception):
    """The platform answers that this runner does not hold the lease."""


class JobsApi:
    """The platform's calls about jobs. They do not retry: callers know how long a retry makes sense.

    busy: returns how many leases are held.
    """

    def __init__(self, client: Client, said: Said, busy: Callable[[], int]) -> None:
        self._client, self._said, self._busy = client, said, busy

    def lease(self, want: Want) -> Offer:
        """Lease jobs. Faults: ApiError."""
        body = {**self._wanted(want), "wait": want.wait}
        answer = self._ask("/api/v1/jobs/lease", body, want.wait + _USUAL)
        return Offer(leases=_leases(answer), again_in=_seconds(answer.get("again_in")))

    def wake_url(self) -> str | None:
        """Return where a WebSocket tells of waiting jobs, once; None where requests for them are held.

        Faults: ApiError.
        """
        answer = self._ask("/api/v1/jobs/wakes", {"pool": self._said.pool}, _USUAL)
        url = answer.get("url") if isinstance(answer, dict) else None
        return url if isinstance(url, str) else None

    def beat(self, lease: Lease, *, began: bool) -> bool:
        """Renew the lease and report whether work has begun. True if the job is to be cancelled.

        Faults: ApiError, LeaseLostError.
        """
        answer = self._of(lease, "heartbeat", {"began": began, "busy": self._busy()}, _QUICK)
        return isinstance(answer, dict) and bool(answer.get("cancel"))

    def beat_all(self, leases: Sequence[tuple[Lease, bool]]) -> Sequence[LeaseState | None]:
        """Keep leases alive by one call; return None for each that was not. leases: with whether the work has begun.

        Faults: ApiError; 404 and 405 of a platform that takes them one by one.
        """
        told = [{"job": one.job.id, "token": one.token, "number": one.number, "began": began} for one, began in leases]
        answer = self._ask("/api/v1/jobs/heartbeats", {"leases": told, "busy": self._busy()}, _QUICK)
        try:
            kept = {(one["job"], one["number"]): _lease_state(one, answer["lease_seconds"]) for one in answer["leases"]}
        except (KeyError, TypeError, ValueError) as error:
            raise unanswered(f"the platform does not say which leases are held: {error!r}") from error
        return [kept.get((one.job.id, one.number)) for one, _ in leases]

    def append(self, lease: Lease, after: int, chunks: Sequence[Chunk]) -> Grown:
        """Append chunks at a position of the log; idempotent.

        Faults: ApiError, LeaseLostError.
        """
        return _grown(self._of(lease, "logs", _appended(after, chunks), _USUAL))

    def append_all(self, appends: Sequence[Append]) -> Sequence[Grown | None]:
        """Append to several logs by one call; return None for each that did not grow.

        Faults: ApiError.
        """
        told = [
            {"job": one.lease.job.id, "token": one.lease.token, "number": one.lease.number}
            | _appended(one.after, one.chunks)
            for one in appends
        ]
        answer = self._ask("/api/v1/jobs/logs", {"appends": told}, _USUAL)
        try:
            grown = {(one["job"], one["number"]): _grown(one) for one in answer["logs"]}
        except (KeyError, TypeError) as error:
            raise unanswered(f"the platform does not say which logs have grown: {error!r}") from error
        return [grown.get((one.lease.job.id, one.lease.number)) for one in appends]

    def finish(self, lease: Lease, ending: Ending, nonce: str, want: Want | None) -> list[Lease]:
        """Report the end of the job; return new leases if `want` asks for some, of which work begins at once.

        Faults: ApiError, LeaseLostError.
        """
        body: dict[str, Any] = {
            "nonce": nonce, "outcome": ending.outcome, "reason": ending.reason, "outputs": dict(ending.outputs),
            "release": ending.release, "commit": dict(ending.commit) or None, "document": ending.document,
            "lease_next": self._wanted(want, ending=1) if want is not None else None,
        }  # fmt: skip
        promises = {"begins_next": want is not None, "silent": ending.silent} if lease.began is not None else {}
        try:
            return self._finished(lease, body | promises)
        except ApiError as error:
            if error.status not in _UNREADABLE or not any(promises.values()):
                raise
        # The platform may be an older one since it gave the lease, which refuses what it does not know.
        return self._finished(lease, body)

    def _finished(self, lease: Lease, body: Mapping[str, Any]) -> list[Lease]:
        return _leases(self._of(lease, "finish", {key: value for key, value in body.items() if value}, _USUAL))

    def hand_back(self, lease: Lease) -> None:
        """Return the lease, so that another runner performs the job. Faults: ApiError, LeaseLostError."""
        self._of(lease, "return", {}, _QUICK)

    def settle(self, lease: Lease, manifest: object, commit: str, notes: Sequence[str]) -> Assignment:
        """Ask what a job of a workload does. manifest: that was read; None if none was. Faults: as beat."""
        body = {"manifest": manifest, "commit": commit, "notes": list(notes)}
        answer = self._of(lease, "workload", body, _USUAL)
        try:
            return Assignment(
                workload=answer["workload"], namespace=answer["namespace"], duty=answer["duty"],
                manifest=answer["manifest"], secrets=answer["secrets"],
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise unanswered(f"the platform does not say what a job does: {error!r}") from error

    def report_pods(self, lease: Lease, number: int, pods: Sequence[Any]) -> None:
        """Report all pods of a job. number: counts reports under the lease. Faults: as beat."""
        self._of(lease, "pods", {"report": number, "pods": [asdict(pod) for pod in pods]}, _USUAL)

    def log_head(self, lease: Lease) -> int:
        """The length of its log. Faults: ApiError, LeaseLostError."""
        answer = self._of(lease, "logs", {"from": 0, "chunks": []}, _USUAL)
        try:
            return int(answer["head"])
        except (KeyError, TypeError, ValueError) as error:
            raise unanswered(f"the platform does not say how long a log is: {error!r}") from error

    def _wanted(self, want: Want, ending: int = 0) -> dict[str, Any]:
        said, busy = self._said, max(0, self._busy() - ending)
        own = {"pool": said.pool, "runner": said.runner, "capacity": said.slots, "busy": busy, "version": said.version}
        more = {"executor": said.executor or None, "labels": dict(said.labels) or None}
        asked = {"says_began": True, "slots": want.slots, "nonce": want.nonce, "without": want.without or None}
        return {name: value for name, value in {**own, **more, **asked}.items() if value is not None}

    def _of(self, lease: Lease, verb: str, body: Mapping[str, Any], timeout: float) -> Any:  # noqa: ANN401 - JSON
        path = f"/api/v1/jobs/{segment(lease.job.id)}/{verb}"
        try:
            return self._ask(path, {"token": lease.token, "number": lease.number, **body}, timeout)
        except ApiError as error:
            if error.status in _LOST:
                raise LeaseLostError(error.message) from error
            raise

    def _ask(self, path: str, body: Mapping[str, Any], timeout: float) -> Any:  # noqa: ANN401 - JSON
        return self._client.json(
            ApiRequest(method="POST", path=path, body=body, again=True, timeout=timeout, patience=0)
        )


def _leases(answer: Any) -> list[Lease]:  # noqa: ANN401 - JSON
    try:
        return [_lease(raw) for raw in answer["leases"]]
    except (KeyError, TypeError) as error:
        raise unanswered(f"the platform and this runner do not understand one another: {error!r}") from error


def _appended(after: int, chunks: Sequence[Chunk]) -> dict[str, Any]:
    return {"from": after, "chunks": [{"stream": one.stream, "text": one.text, "at": one.at} for one in chunks]}


def _grown(answer: Any) -> Grown:  # noqa: ANN401 - JSON
    """Return what an answer says; nothing of a platform that is older."""
    if not isinstance(answer, dict):
        return Grown(pace=0.0)
    lasts, whole = _seconds(answer.get("lasts")), _seconds(answer.get("lease_seconds"))
    lease = None
    if lasts is not None and whole is not None:
        lease = LeaseState(cancel=bool(answer.get("cancel")), ago=max(0.0, whole - lasts))
    return Grown(pace=_seconds(answer.get("again_in")) or 0.0, lease=lease)


def _lease_state(raw: Mapping[str, Any], lease_seconds: float) -> LeaseState:
    return LeaseState(
        lost=str(raw["lost"]), cancel=bool(raw["cancel"]), ago=max(0.0, lease_seconds - float(raw["lasts"]))
    )


def _seconds(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    return float(raw) if abs(raw) < _ENDLESS else None


def _lease(raw: Mapping[str, Any]) -> Lease:
    job = raw["job"]
    return Lease(
        token=raw["token"], number=raw["number"], began=raw.get("began"),
        job=Job(
            id=job["id"], run=job["run"], kind=job["kind"], project=job["project"], environment=job["environment"],
            name=job["name"], started_by=job.get("started_by", ""), attempt=job["attempt"],
            timeout=job.get("timeout_seconds"), ask=job["ask"],
            access_token=job.get("access_token", ""), log_head=job.get("log_head"),
        ),
    )  # fmt: skip
