"""Rows by which runners take jobs, report on them and end them."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.jobs import shapes, words
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import RUNNER
from chalicelib.use_cases.jobs.append_log import append_log
from chalicelib.use_cases.jobs.finish import return_job
from chalicelib.use_cases.jobs.hand_out import finish_and_lease, hand_out_jobs
from chalicelib.use_cases.jobs.lease import renew_lease

GROUP = "Runners"
SECRET = frozenset({Flag.SECRET_ANSWER})

OPERATIONS = (
    operation(
        PLATFORM,
        "POST /api/v1/jobs/lease",
        read=words.read_lease,
        verb=hand_out_jobs,
        show=words.show_leases,
        permission=RUNNER,
        about=About(
            group=GROUP,
            summary="Lease jobs of a pool; repeating the nonce gives the same leases.",
            body=shapes.LeaseBody,
            answer=shapes.LeasesShape,
        ),
        flags=SECRET,
    ),
    operation(
        PLATFORM,
        "POST /api/v1/jobs/{job}/heartbeat",
        read=words.read_heartbeat,
        verb=renew_lease,
        show=words.show_heartbeat,
        permission=RUNNER,
        about=About(
            group=GROUP,
            summary="Hold a job for another while, and say that its work begins; 409 when the lease is lost.",
            body=shapes.HeartbeatBody,
            answer=shapes.HeartbeatShape,
        ),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/jobs/{job}/logs",
        read=words.read_logs,
        verb=append_log,
        show=words.show_head,
        permission=RUNNER,
        about=About(
            group=GROUP,
            summary="Append to the log of a job that one holds; 409 also when others have added to it meanwhile.",
            body=shapes.LogsBody,
            answer=shapes.JobLogHeadShape,
        ),
    ),
    operation(
        PLATFORM,
        "POST /api/v1/jobs/{job}/finish",
        read=words.read_finish,
        verb=finish_and_lease,
        show=words.show_leases,
        permission=RUNNER,
        about=About(
            group=GROUP,
            summary="End a job that one holds, and lease the next in the same call.",
            body=shapes.FinishBody,
            answer=shapes.LeasesShape,
        ),
        flags=SECRET,
    ),
    operation(
        PLATFORM,
        "POST /api/v1/jobs/{job}/return",
        read=words.read_return,
        verb=return_job,
        show=words.show_done,
        permission=RUNNER,
        about=About(
            group=GROUP,
            summary="Hand a job back, undone.",
            body=shapes.HeldBody,
            answer=dict[str, object],
        ),
    ),
)
