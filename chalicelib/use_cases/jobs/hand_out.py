"""What a runner gets with a lease: the job, its secrets in plain, and a token with which the job speaks to us."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from chalicelib.kernel.access.role import LEVELS, Level, role_in
from chalicelib.kernel.definitions.compile_build import SECRET_NAMES, SERVICE_ACCOUNT
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import JobKind
from chalicelib.use_cases.access.tokens import IssueJobToken, issue_job_token
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.lease import Heartbeat, LeasedJob, LeaseJobs, lease_jobs
from chalicelib.use_cases.ports.bundle import Ports

LONGEST_WAIT = 20.0
LONGEST_JOB = timedelta(hours=24)
SPEAKING = frozenset({JobKind.BUILD, JobKind.DEPLOY, JobKind.SMOKE, JobKind.DESTROY, JobKind.ERRAND})
"""Kinds of jobs that ask the inventory and the state while they run."""


@frozen
class HandedJob:
    """A leased job with all that its runner needs. access: a token, empty when the job needs none.

    log_head: where a job that was handed back goes on with its log.
    """

    leased: LeasedJob
    ask: Mapping[str, object]
    access: str = ""
    log_head: int = 0

    def __repr__(self) -> str:
        return f"HandedJob(job={self.leased.job.id!r})"


@frozen
class HandOutJobs:
    """A runner asks for work. wait: seconds to wait for some, where that is possible."""

    lease: LeaseJobs
    wait: float = 0


def hand_out_jobs(ports: Ports, ask: HandOutJobs) -> Sequence[HandedJob]:
    """The jobs that the runner now holds; none when there are none within its wait."""
    topic, wait = f"pool/{ask.lease.pool}", min(ask.wait, LONGEST_WAIT)
    mark = ports.live.mark(topic)
    leased = lease_jobs(ports, ask.lease)
    if not leased and wait > 0 and ports.live.await_change(topic, mark, wait):
        leased = lease_jobs(ports, ask.lease)
    return [job for one in leased if (job := _handed_or_broken(ports, one)) is not None]


@frozen
class FinishAndLease:
    """A runner says how its job ended and asks for the next in the same breath."""

    finish: FinishJob
    next: LeaseJobs | None = None


def finish_and_lease(ports: Ports, ask: FinishAndLease) -> Sequence[HandedJob]:
    """The job ended; the next ones, when asked for. Faults: NotFound, Conflict when the lease is lost."""
    finish_job(ports, ask.finish)
    return [] if ask.next is None else hand_out_jobs(ports, HandOutJobs(lease=ask.next))


def _handed_or_broken(ports: Ports, leased: LeasedJob) -> HandedJob | None:
    """The job as its runner gets it; nothing when a secret of it is gone: then it ends here, and spoils no other's."""
    try:
        return _handed(ports, leased)
    except NotFound as missing:
        held = Heartbeat(job=leased.job.id, token=leased.token, number=leased.job.leases)
        ending = Ending(outcome=Outcome.BROKEN, at=ports.clock.now(), reason=str(missing))
        finish_job(ports, FinishJob(held=held, ending=ending))
        return None


def _handed(ports: Ports, leased: LeasedJob) -> HandedJob:
    job = leased.job
    head = ports.logs.head(job.id) if job.leases > 1 else 0
    return HandedJob(leased=leased, ask=_with_secrets(ports, job.ask), access=_access(ports, job), log_head=head)


def _with_secrets(ports: Ports, ask: Mapping[str, object]) -> dict[str, object]:
    """The ask with the values of the secrets that it names, each in the field that wants it."""
    names = ask.get(SECRET_NAMES)
    plain = {field: value for field, value in ask.items() if field != SECRET_NAMES}
    if not isinstance(names, Mapping):
        return plain
    return {**plain, **{str(field): ports.secrets.get(str(name)) for field, name in names.items()}}


def _access(ports: Ports, job: Job) -> str:
    if job.kind not in SPEAKING:
        return ""
    now = ports.clock.now()
    until = now + (job.timeout or LONGEST_JOB) + timedelta(hours=1)
    roles = (role_in(job.project, _level(ports, job)),)
    asked = IssueJobToken(job=job.id, lease=job.leases, roles=roles, now=now, until=until)
    return issue_job_token(ports, asked).text


def _level(ports: Ports, job: Job) -> Level:
    """What the job may do in its project: as much as its service account, where one is named. Faults: NotFound."""
    name = job.ask.get(SERVICE_ACCOUNT)
    if not isinstance(name, str):
        return Level.WRITE
    account = ports.access.service_account(job.project, name)
    if account is None:
        raise NotFound(f"no service account {name} in project {job.project}")
    # Whoever may write a definition may name any account, and must not come by more than they have.
    return min(account.role, Level.WRITE, key=LEVELS.index)
