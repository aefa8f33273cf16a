"""When a job came into its line, left it, began and ended: as the record of the job tells."""

from datetime import datetime

from chalicelib.kernel.engine.job import Job
from slipway_formats.frozen import frozen


@frozen
class JobTimes:
    """When a job was queued, leased by which runner, began and ended. leased_at, began_at: of its latest lease.

    Those of leases that an earlier version gave are not known.
    """

    queued_at: datetime
    leased_at: datetime | None = None
    runner: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None


def times_of(job: Job) -> JobTimes:
    """Return when the job was queued, leased, began and ended."""
    lease, ending = job.lease, job.ending
    return JobTimes(
        queued_at=job.created_at,
        leased_at=lease.leased_at if lease is not None else None,
        runner=lease.runner if lease is not None else "",
        began_at=lease.began_at if lease is not None else None,
        ended_at=ending.at if ending is not None else None,
    )
