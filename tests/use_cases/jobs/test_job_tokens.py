"""How long the token holds with which a job speaks to us: as long as the lease with which it was given out."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import PrincipalKind, may, may_write_state
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.access.token import Token
from chalicelib.kernel.definitions.compile_build import acting_as
from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.job import LEASE
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.jobs.finish import return_job
from chalicelib.use_cases.jobs.hand_out import HandedJob, HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import LeaseJobs
from chalicelib.use_cases.ports.access import ServiceAccount
from chalicelib.use_cases.ports.bundle import Ports
from tests.builders import NOON, a_plan, a_stage, a_step, an_entry
from tests.fakes.access import FakeAccess
from tests.use_cases.house import House, held


@pytest.fixture
def house() -> House:
    """A house in which a build waits for a runner."""
    made = House()
    made.ports = replace(made.ports, access=FakeAccess(made.audits))
    made.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.BUILD)),))))
    return made


def handed(house: House, nonce: str = "nonce-of-sixteen", *, says_began: bool = False) -> HandedJob:
    lease = LeaseJobs(pool="default", runner="r1", slots=1, nonce=nonce, says_began=says_began)
    (job,) = hand_out_jobs(house.ports, HandOutJobs(lease=lease))
    return job


def is_known(ports: Ports, job: HandedJob) -> bool:
    try:
        return by_token(ports, job.access, ports.clock.now()).kind is PrincipalKind.JOB
    except Unauthenticated:
        return False


def test_a_job_at_work_has_a_level_of_its_own_and_is_no_writer(house: House) -> None:
    job = handed(house)
    found = by_token(house.ports, job.access, house.world.now())
    assert (found.name, may(found, Level.JOB, "web")) == (job.leased.job.id, True)
    assert not may(found, Level.WRITE, "web")
    assert not may(found, Level.READ, "api")


def written_by(kind: JobKind, **ask: object) -> tuple[bool, ...]:
    """Whether a job in staging writes the state of its deployment, of another there, and of one elsewhere."""
    made = House()
    made.ports = replace(made.ports, access=FakeAccess(made.audits))
    stage = replace(a_stage(steps=(a_step(work=Job(kind=kind, ask=ask)),)), environment="staging")
    made.start(a_plan(stage))
    found = by_token(made.ports, handed(made).access, made.world.now())
    places = (("staging", "demo/app"), ("staging", "demo/other"), ("production", "demo/app"))
    return tuple(may_write_state(found, "web", *place) for place in places)


@pytest.mark.parametrize("kind", [JobKind.DEPLOY, JobKind.SMOKE, JobKind.DESTROY, JobKind.ERRAND])
def test_a_deployment_job_writes_the_state_of_its_deployment_alone(kind: JobKind) -> None:
    assert written_by(kind, deployment="demo/app", release="demo/app-v1.0") == (True, False, False)


def test_a_build_writes_the_states_of_its_environment_alone() -> None:
    assert written_by(JobKind.BUILD) == (True, True, False)


def test_a_script_that_asks_for_a_token_writes_the_states_of_its_environment_alone() -> None:
    assert written_by(JobKind.SCRIPT, api_token=True) == (True, True, False)


def test_a_script_that_asks_for_no_token_gets_none() -> None:
    made = House()
    made.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT, ask={"script": "true"})),))))

    assert handed(made).access == ""


def test_a_finished_job_is_nobody_any_more(house: House) -> None:
    job = handed(house)
    house.finish(job.leased)
    assert not is_known(house.ports, job)


def test_a_lost_job_is_nobody_from_the_end_of_its_lease_on(house: House) -> None:
    job = handed(house)
    house.world.move(LEASE)
    assert not is_known(house.ports, job)
    house.work_off()
    assert not is_known(house.ports, job)


def test_a_stopping_job_speaks_until_it_has_ended(house: House) -> None:
    job = handed(house)
    house.jobs.save(jobs.stopped(job.leased.job, now=house.world.now()))
    assert is_known(house.ports, job)
    house.finish(job.leased)
    assert not is_known(house.ports, job)


def test_whoever_handed_a_job_back_does_not_speak_for_it_when_another_has_it(house: House) -> None:
    first = handed(house, says_began=True)
    return_job(house.ports, held(first.leased))
    second = handed(house, nonce="another-nonce-of-it")
    assert (is_known(house.ports, first), is_known(house.ports, second)) == (False, True)


@pytest.mark.parametrize(
    ("level", "allowed"), [(Level.READ, Level.READ), (Level.WRITE, Level.WRITE), (Level.OWNER, Level.WRITE)]
)
def test_a_job_may_do_what_its_service_account_may_and_no_owner_s_work(level: Level, allowed: Level) -> None:
    house = a_house_that_acts_as("builder")
    house.ports.access.create_service_account(an_account("builder", level), a_token(), an_entry())

    found = by_token(house.ports, handed(house).access, house.world.now())

    assert found.roles == frozenset({role_in("web", allowed)})


def test_a_job_whose_service_account_is_gone_is_broken() -> None:
    house = a_house_that_acts_as("gone")

    assert (
        hand_out_jobs(house.ports, HandOutJobs(lease=LeaseJobs(pool="default", runner="r", slots=1, nonce="n"))) == []
    )
    house.work_off()
    run = house.runs.run("run1")
    assert (run.phase, "no service account gone in project web" in run.reason) == (Phase.BROKEN, True)


def a_house_that_acts_as(account: str) -> House:
    """A house in which a build waits that acts as a service account."""
    made = House()
    made.ports = replace(made.ports, access=FakeAccess(made.audits))
    work = Job(kind=JobKind.BUILD, ask=acting_as(account))
    made.start(a_plan(a_stage(steps=(a_step(work=work),))))
    return made


def an_account(name: str, level: Level) -> ServiceAccount:
    return ServiceAccount(project="web", name=name, role=level, token="t1", created_at=NOON)


def a_token() -> Token:
    return Token(
        id="t1",
        digest="",
        kind=PrincipalKind.SERVICE_ACCOUNT,
        owner="web/builder",
        scopes=("all",),
        created_at=NOON,
        created_by="ada",
    )
