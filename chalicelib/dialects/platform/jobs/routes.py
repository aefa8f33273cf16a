"""Rows by which runners lease jobs, report on them and finish them."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.jobs import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED, RUNNER
from chalicelib.use_cases.jobs.append_log import append_log, append_logs
from chalicelib.use_cases.jobs.await_wake import await_wake
from chalicelib.use_cases.jobs.drain_runner import drain_runner
from chalicelib.use_cases.jobs.finish import return_job
from chalicelib.use_cases.jobs.hand_out import finish_and_lease, offer_jobs
from chalicelib.use_cases.jobs.heartbeats import renew_leases
from chalicelib.use_cases.jobs.lease import renew_lease
from chalicelib.use_cases.jobs.runners import list_runners

GROUP = Group(PLATFORM, "Runners")
SECRET = frozenset({Flag.SECRET_ANSWER})

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/runners",
        "Runners by pool (`?pool=`), of pools that do jobs of a project that the caller may read.",
        AUTHENTICATED,
        Handling(words.read_runners, list_runners, words.show_runners),
        schema=Schema(query=shapes.RunnersQuery, answer=list[shapes.RunnerShape]),
    ),
    GROUP.operation(
        "POST /api/v1/runners/{pool}/{name}/drain",
        "Give a runner no more jobs, within 15 s, until `drained` is false again; what it does goes on.",
        ADMIN,
        Handling(words.read_drain, drain_runner, words.show_runner),
        schema=Schema(body=shapes.DrainBody, answer=shapes.RunnerShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/lease",
        "Lease jobs of a pool; repeating the nonce gives the same leases.",
        RUNNER,
        Handling(words.read_lease, offer_jobs, words.show_offer),
        schema=Schema(body=shapes.LeaseBody, answer=shapes.OfferShape),
        flags=SECRET,
    ),
    GROUP.operation(
        "POST /api/v1/jobs/wakes",
        "Where a WebSocket tells a runner of waiting jobs; the address lets one connection in.",
        RUNNER,
        Handling(words.read_wakes, await_wake, words.show_wakes),
        schema=Schema(body=shapes.WakesBody, answer=shapes.WakesShape),
        flags=SECRET,
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/heartbeat",
        "Hold a job for another while, and say that its work begins; 409 when the lease is lost.",
        RUNNER,
        Handling(words.read_heartbeat, renew_lease, words.show_heartbeat),
        schema=Schema(body=shapes.HeartbeatBody, answer=shapes.HeartbeatShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/heartbeats",
        "Hold all jobs of a runner for another while; each is told whether it is lost, and how long it is held.",
        RUNNER,
        Handling(words.read_heartbeats, renew_leases, words.show_lease_states),
        schema=Schema(body=shapes.HeartbeatsBody, answer=shapes.LeaseStatesShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/logs",
        "Append to the log of a job that one holds; 409 also when others have added to it meanwhile.",
        RUNNER,
        Handling(words.read_logs, append_log, words.show_head),
        schema=Schema(body=shapes.LogsBody, answer=shapes.JobLogHeadShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/logs",
        "Append to the logs of several jobs that one holds; those that are left out of the answer did not grow.",
        RUNNER,
        Handling(words.read_several_logs, append_logs, words.show_appended),
        schema=Schema(body=shapes.AppendsBody, answer=shapes.AppendedLogsShape),
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/finish",
        "End a job that one holds, and lease the next in the same call.",
        RUNNER,
        Handling(words.read_finish, finish_and_lease, words.show_leases),
        schema=Schema(body=shapes.FinishBody, answer=shapes.LeasesShape),
        flags=SECRET,
    ),
    GROUP.operation(
        "POST /api/v1/jobs/{job}/return",
        "Hand a job back, undone.",
        RUNNER,
        Handling(words.read_return, return_job, words.show_done),
        schema=Schema(body=shapes.HeldBody, answer=dict[str, object]),
    ),
)
