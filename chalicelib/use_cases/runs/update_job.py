"""Update a job under concurrent changes by its runner, its run and the lease check."""

from collections.abc import Callable

from chalicelib.kernel.engine.job import Job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict


def update_job(ports: Ports, job_id: str, to: Callable[[Job], Job], known: Job | None = None) -> Job:
    """Apply a change to the job and save it, retrying on Stale. known: the job as just read.

    Faults: NotFound, Conflict, Stale.
    """
    unread = [known] if known is not None else []

    def changed() -> Job:
        job = unread.pop() if unread else ports.jobs.job(job_id)
        after = to(job)
        return job if after == job else ports.jobs.save(after)

    return retry_on_conflict(ports, changed)
