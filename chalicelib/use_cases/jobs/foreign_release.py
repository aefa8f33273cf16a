"""The private namespace of another project that a job may read: that of the release which its definition names."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.use_cases.launch.foreign_references import acts_for_in_run, reads_namespace
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import RELEASE
from slipway_formats.release_id import parse


def reads_for_definition(ports: Ports, by: Principal, namespace: str) -> bool:
    """Return True if the caller is a job whose release is of this namespace, and its definition may still read it.

    What that release depends on is no part of it: whoever registers a release names that.
    """
    job = ports.jobs.find_job(by.name) if by.kind is PrincipalKind.JOB else None
    return job is not None and namespace == _namespace(job) and _may_read(ports, job, namespace)


def _namespace(job: Job) -> str:
    release = job.ask.get(RELEASE)
    return parse(release).namespace if isinstance(release, str) and release else ""


def _may_read(ports: Ports, job: Job, namespace: str) -> bool:
    try:
        plan = ports.runs.plan(ports.runs.run(job.run).plan)
        return reads_namespace(ports, acts_for_in_run(plan, ports.clock.now()), namespace)
    except (Conflict, NotFound):
        return False
