"""Update a job under concurrent changes by its runner, its run and the lease check."""

from collections.abc import Callable
from contextlib import suppress

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict


def update_job(
    ports: Ports, job_id: str, to: Callable[[Job], Job], known: Job | None = None, *, entry: AuditEntry | None = None
) -> Job:
    """Apply a change to the job and save it, retrying on Stale. known: the job as just read.

    What is known may be out of date: it counts where it leads to a save, which the job's version guards. entry: saved
    with the change. Faults: NotFound, Conflict, Stale.
    """
    seen = known or ports.jobs.last_saved(job_id)
    if seen is not None:
        with suppress(Stale, Conflict):
            if (after := to(seen)) != seen:
                return ports.jobs.save(after, entry)

    def changed() -> Job:
        job = ports.jobs.job(job_id)
        after = to(job)
        return job if after == job else ports.jobs.save(after, entry)

    return retry_on_conflict(ports, changed)
