"""Read the requests of runners, and show the answers."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from chalicelib.dialects.platform.jobs import shapes
from chalicelib.http.answers.explanation import shown_load
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import is_admin, may_lease, names_pools
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import LEASE, Commit, Ending, Job
from chalicelib.kernel.faults import Forbidden, Invalid
from chalicelib.use_cases.jobs.append_log import AppendedLog, AppendLog, AppendLogs
from chalicelib.use_cases.jobs.await_wake import AwaitWake, WakeAddress
from chalicelib.use_cases.jobs.drain_runner import DrainRunner
from chalicelib.use_cases.jobs.finish import FinishJob
from chalicelib.use_cases.jobs.hand_out import FinishAndLease, HandedJob, HandOutJobs, LeaseOffer
from chalicelib.use_cases.jobs.heartbeats import LeaseState, RenewLeases
from chalicelib.use_cases.jobs.lease import Heartbeat, LeaseJobs
from chalicelib.use_cases.jobs.runners import RunnersQuery, RunnerView
from chalicelib.use_cases.ports.logs import Chunk

LOG = logging.getLogger(__name__)
LEASE_SECONDS = int(LEASE.total_seconds())
PROMPT = timedelta(seconds=2)
"""How long a runner is certainly still there that waits for the answer to its finish."""


def read_lease(request: Request) -> HandOutJobs:
    """Read a request to lease jobs. Faults: Invalid; Forbidden outside the pools of its token."""
    body = request.body(shapes.LeaseBody)
    return HandOutJobs(lease=_lease(request, body), wait=body.wait)


def read_wakes(request: Request) -> AwaitWake:
    """Read of which pool a runner wants to hear. Faults: Invalid; Forbidden outside the pools of its token."""
    body = request.body(shapes.WakesBody)
    _require_pool(request, body.pool)
    return AwaitWake(pool=body.pool)


def show_wakes(address: WakeAddress | None) -> Reply:
    """Show where to hear of jobs, if anywhere."""
    if address is None:
        return json_reply({"url": None, "expires_at": None})
    return json_reply({"url": address.url, "expires_at": address.until.isoformat()})


def _require_pool(request: Request, pool: str) -> None:
    if not may_lease(request.asker, pool):
        raise Forbidden(f"this token does not lease from pool {pool}")


def _lease(request: Request, body: shapes.LeaseBody) -> LeaseJobs:
    _require_pool(request, body.pool)
    if not is_admin(request.asker) and not names_pools(request.asker):
        LOG.warning("a token of %s names no pools and leases from all: replace it", request.asker.name)
    return LeaseJobs(
        pool=body.pool,
        runner=body.runner,
        slots=body.slots,
        nonce=body.nonce,
        says_began=body.says_began,
        without=frozenset(body.without),
        capacity=body.capacity,
        busy=body.busy,
        version=body.version,
        executor=body.executor,
        labels=body.labels,
    )


def read_heartbeat(request: Request) -> Heartbeat:
    """Read a heartbeat, whether the work has begun, and how busy the runner is."""
    body = request.body(shapes.HeartbeatBody)
    return replace(read_held(request, body), began=body.began, busy=body.busy)


def read_heartbeats(request: Request) -> RenewLeases:
    """Read the heartbeat of a runner for all its leases."""
    body = request.body(shapes.HeartbeatsBody)
    held = (Heartbeat(job=one.job, token=one.token, number=one.number, began=one.began) for one in body.leases)
    return RenewLeases(held=tuple(held), busy=body.busy)


def read_return(request: Request) -> Heartbeat:
    """Read which job to hand back."""
    return read_held(request, request.body(shapes.HeldBody))


def read_held(request: Request, body: shapes.HeldBody) -> Heartbeat:
    """Read which job is meant, and what proves its lease."""
    return Heartbeat(job=request.parameters["job"], token=body.token, number=body.number)


def read_logs(request: Request) -> AppendLog:
    """Read log chunks."""
    body = request.body(shapes.LogsBody)
    return _append(read_held(request, body), body, request.now)


def read_several_logs(request: Request) -> AppendLogs:
    """Read log chunks of several jobs."""
    body = request.body(shapes.AppendsBody)
    held = (Heartbeat(job=one.job, token=one.token, number=one.number) for one in body.appends)
    return AppendLogs(
        appends=tuple(_append(job, one, request.now) for job, one in zip(held, body.appends, strict=True))
    )


def _append(held: Heartbeat, body: shapes.LogsBody, now: datetime) -> AppendLog:
    chunks = tuple(
        Chunk(seq=body.after + place, at=_instant(one.at, now), stream=one.stream, text=one.text)
        for place, one in enumerate(body.chunks, start=1)
    )
    return AppendLog(held=held, after=body.after, chunks=chunks)


def _instant(text: str, default: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return default
    return at if at.tzinfo is not None else default


def read_finish(request: Request) -> FinishAndLease:
    """Read how a job ended. Faults: Invalid when the outputs are too large."""
    body = request.body(shapes.FinishBody)
    outputs = {**body.outputs, **({"release": body.release} if body.release else {})}
    if sum(len(name) + len(value) for name, value in outputs.items()) > shapes.LARGEST_OUTPUTS:
        raise Invalid.single("outputs", f"over {shapes.LARGEST_OUTPUTS} characters in all: keep them in a file")
    commit = None if body.commit is None else Commit(**body.commit.model_dump())
    ending = Ending(
        outcome=Outcome(body.outcome),
        at=request.now,
        reason=body.reason,
        outputs=outputs,
        commit=commit,
        nonce=body.nonce,
        document=body.document,
    )
    following = None if body.lease_next is None else _lease(request, body.lease_next)
    if following is not None and body.begins_next:
        following = replace(following, begins_until=request.now + PROMPT)
    finish = FinishJob(held=read_held(request, body), ending=ending, is_silent=body.silent)
    return FinishAndLease(finish=finish, next=following)


def read_runners(request: Request) -> RunnersQuery:
    """Read of which pool the runners are requested; of all if none is named."""
    return RunnersQuery(by=request.asker, pool=request.query.text("pool") or "")


def show_runners(runners: Sequence[RunnerView]) -> Reply:
    """Show runners by pool and name."""
    return json_reply([_show_runner(one) for one in runners])


def read_drain(request: Request) -> DrainRunner:
    """Read which runner is drained, or given jobs again. Faults: Invalid."""
    body = request.body(shapes.DrainBody)
    return DrainRunner(
        origin=request.origin,
        pool=request.parameters["pool"],
        name=request.parameters["name"],
        goes_on=not body.drained,
    )


def show_runner(view: RunnerView) -> Reply:
    """Show a runner."""
    return json_reply(_show_runner(view))


def _show_runner(view: RunnerView) -> Json:
    return {"pool": view.runner.pool, "name": view.runner.name, **shown_load(view.runner, up=view.is_up)}


def show_leases(handed: Sequence[HandedJob]) -> Reply:
    """Show the jobs that the runner now holds."""
    return json_reply({"leases": [_show_lease(one) for one in handed]})


def show_offer(offer: LeaseOffer) -> Reply:
    """Show the jobs that the runner now holds, or when to ask again."""
    pause: dict[str, Json] = {} if offer.again_in is None else {"again_in": offer.again_in}
    return json_reply({"leases": [_show_lease(one) for one in offer.jobs], **pause})


def _show_lease(handed: HandedJob) -> Json:
    job = handed.leased.job
    return {
        "job": _show_job(job, handed),
        "token": handed.leased.token,
        "number": job.leases,
        "lease_seconds": LEASE_SECONDS,
        "began": job.lease is not None and job.lease.began,
    }


def _show_job(job: Job, handed: HandedJob) -> Json:
    return {
        "id": job.id,
        "run": job.run,
        "kind": job.kind.value,
        "project": job.project,
        "environment": job.environment,
        "name": job.name,
        "started_by": job.by,
        "attempt": job.attempt,
        "timeout_seconds": job.timeout.total_seconds() if job.timeout is not None else None,
        "ask": cast("Json", handed.ask),
        "access_token": handed.access,
        "log_head": handed.log_head,
    }


def show_heartbeat(job: Job) -> Reply:
    """Show whether to go on, and how long the lease lasts."""
    return json_reply({"cancel": job.cancel, "lease_seconds": LEASE_SECONDS})


def show_lease_states(states: Sequence[LeaseState]) -> Reply:
    """Show what became of each lease."""
    return json_reply({"leases": [_show_lease_state(one) for one in states], "lease_seconds": LEASE_SECONDS})


def _show_lease_state(one: LeaseState) -> Json:
    lasts = one.lasts.total_seconds()
    return {"job": one.job, "number": one.number, "lost": one.lost, "cancel": one.cancel, "lasts": lasts}


def show_head(log: AppendedLog) -> Reply:
    """Show the seq of the last chunk, when to append again, and how long the lease lasts."""
    return json_reply(_show_appended(log))


def show_appended(logs: Sequence[AppendedLog]) -> Reply:
    """Show the logs that have grown."""
    return json_reply({"logs": [{"job": one.job, "number": one.number, **_show_appended(one)} for one in logs]})


def _show_appended(log: AppendedLog) -> dict[str, Json]:
    lease: dict[str, Json] = {}
    if log.lease is not None and not log.lease.lost:
        lease = {"cancel": log.lease.cancel, "lasts": log.lease.lasts.total_seconds()}
    return {"head": log.head, "again_in": log.again_in, "lease_seconds": LEASE_SECONDS, **lease}


def show_done(_: object) -> Reply:
    """Return an empty JSON object."""
    return json_reply({})
