"""What a runner gets with a lease: the job, its secrets in plain text, and an API token for the job."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.role import LEVELS, Level, role_in, state_role
from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS, SECRET_NAMES, SENSITIVE, SERVICE_ACCOUNT
from chalicelib.kernel.definitions.compile_step import API_TOKEN
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.explanation.runner import topic_of
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.credentials.tokens import IssueJobToken, issue_job_token
from chalicelib.use_cases.jobs.finish import FinishJob, end_and_conclude, finish_job
from chalicelib.use_cases.jobs.held_offers import HeldOffers
from chalicelib.use_cases.jobs.inputs import with_secret_inputs
from chalicelib.use_cases.jobs.lease import Heartbeat, LeasedJob, LeaseJobs, lease_jobs
from chalicelib.use_cases.jobs.variables import with_variables
from chalicelib.use_cases.jobs.workload_jobs import with_workload
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LONGEST_WAIT = 20.0
LONGEST_JOB = timedelta(hours=24)
DEPLOYING = frozenset({JobKind.DEPLOY, JobKind.SMOKE, JobKind.DESTROY, JobKind.ERRAND})
"""Kinds of jobs that work on one deployment, with all below it."""

API_CALLERS = frozenset({JobKind.BUILD, JobKind.DEPLOY, JobKind.SMOKE, JobKind.DESTROY, JobKind.ERRAND})
"""Kinds of jobs that call the inventory and state APIs while they run. A script does if its step says so."""


@frozen
class HandedJob:
    """A leased job with everything its runner needs. access: an API token, empty if the job needs none.

    log_head: where a job that was handed back continues its log.
    """

    leased: LeasedJob
    ask: Mapping[str, object]
    access: str = ""
    log_head: int = 0

    def __repr__(self) -> str:
        return f"HandedJob(job={self.leased.job.id!r})"


@frozen
class HandOutJobs:
    """Request jobs for a runner. wait: seconds to wait for one (long poll), where the process can wait."""

    lease: LeaseJobs
    wait: float = 0


def hand_out_jobs(ports: Ports, command: HandOutJobs) -> Sequence[HandedJob]:
    """Lease jobs to the runner and return them; empty if none arrives within its wait."""
    topic, wait = topic_of(command.lease.pool), min(command.wait, LONGEST_WAIT)
    mark = ports.live.mark(topic)
    leased = lease_jobs(ports, command.lease)
    if not leased and wait > 0 and ports.live.await_change(topic, mark, wait):
        leased = lease_jobs(ports, command.lease)
    return [job for one in leased if (job := _handed_or_broken(ports, one)) is not None]


@frozen
class LeaseOffer:
    """The answer to a request for jobs. again_in: seconds after which an idle runner asks again, if that is set."""

    jobs: Sequence[HandedJob]
    again_in: float | None = None


def offer_jobs(ports: Ports, command: HandOutJobs) -> LeaseOffer:
    """Lease jobs to the runner; without any, say when to ask again."""
    jobs = hand_out_jobs(ports, command)
    return LeaseOffer(jobs=jobs, again_in=None if jobs else ports.settings.idle_pause)


@frozen
class FinishAndLease:
    """Finish a job and lease the next ones in one request."""

    finish: FinishJob
    next: LeaseJobs | None = None


def finish_and_lease(ports: Ports, command: FinishAndLease) -> Sequence[HandedJob]:
    """Finish the job, then lease the next ones if requested. Faults: NotFound, Conflict if the lease is lost."""
    if command.next is None:
        finish_job(ports, command.finish)
        return []
    # A step's end often begins the next one: two requests would race for it, and one of them for nothing.
    offers = HeldOffers(live=ports.live, topic=topic_of(command.next.pool))
    leased: Sequence[HandedJob] = ()
    try:
        ended = end_and_conclude(replace(ports, live=offers), command.finish)
        leased = hand_out_jobs(ports, HandOutJobs(lease=replace(command.next, is_first=ended.is_first)))
    finally:
        offers.release({one.leased.job.id for one in leased})
    return leased


def _handed_or_broken(ports: Ports, leased: LeasedJob) -> HandedJob | None:
    """Return the job for its runner. If a secret is gone, or the pool not for its project, end it as BROKEN."""
    try:
        return _handed_job(ports, leased)
    except (NotFound, Forbidden) as missing:
        held = Heartbeat(job=leased.job.id, token=leased.token, number=leased.job.leases)
        ending = Ending(outcome=Outcome.BROKEN, at=ports.clock.now(), reason=str(missing))
        finish_job(ports, FinishJob(held=held, ending=ending))
        return None


def _handed_job(ports: Ports, leased: LeasedJob) -> HandedJob:
    job = leased.job
    # It may have waited since before the pool was bound to projects.
    if defect := ports.settings.pool_defect(job.pool, job.project):
        raise Forbidden(defect)
    head = ports.logs.head(job.id) if job.leases > 1 else 0
    return HandedJob(
        leased=leased, ask=_with_secrets(ports, _request_of(ports, job)), access=_access(ports, job), log_head=head
    )


def _request_of(ports: Ports, job: Job) -> Mapping[str, object]:
    return with_workload(ports, job) if job.kind is JobKind.TASK else with_variables(ports, job)


def _with_secrets(ports: Ports, request: Mapping[str, object]) -> dict[str, object]:
    """Return the job's request with the values of the secrets it names, each in its field."""
    names = request.get(SECRET_NAMES)
    plain = {field: value for field, value in request.items() if field not in (SECRET_NAMES, SECRET_INPUTS, SENSITIVE)}
    named = {str(field): str(name) for field, name in names.items()} if isinstance(names, Mapping) else {}
    values = {field: ports.secrets.get(name) for field, name in named.items()}
    return {**with_secret_inputs(ports, plain, request), **values}


def _access(ports: Ports, job: Job) -> str:
    if job.kind not in API_CALLERS and not job.ask.get(API_TOKEN):
        return ""
    now = ports.clock.now()
    until = now + (job.timeout or LONGEST_JOB) + timedelta(hours=1)
    token_request = IssueJobToken(job=job.id, lease=job.leases, roles=_roles(ports, job), now=now, until=until)
    return issue_job_token(ports, token_request).text


def _roles(ports: Ports, job: Job) -> tuple[str, ...]:
    """Return the job's roles: its service account's level, if it names one, at most WRITE; else what its work needs.

    Faults: NotFound.
    """
    name = job.ask.get(SERVICE_ACCOUNT)
    if isinstance(name, str):
        return (role_in(job.project, _level_of_account(ports, job, name)),)
    deployment = job.ask.get("deployment") if job.kind in DEPLOYING else ""
    own = (state_role(job.project, job.environment, str(deployment or "")),) if job.environment else ()
    return (role_in(job.project, Level.JOB), *own)


def _level_of_account(ports: Ports, job: Job, name: str) -> Level:
    account = ports.access.find_service_account(job.project, name)
    if account is None:
        raise NotFound(f"no service account {name} in project {job.project}")
    # Any writer of a definition may name any account, and must not gain more rights than their own.
    return min(account.role, Level.WRITE, key=LEVELS.index)
