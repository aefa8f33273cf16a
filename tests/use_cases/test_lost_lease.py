"""A lease that ran out: before its work began it is no attempt, afterwards it is one."""

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import MOST_UNBEGUN, JobPhase
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import Policy
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.lease import LeasedJob, LeaseJobs, lease_jobs, renew_lease
from chalicelib.use_cases.jobs.lease_expiry import look_at_job
from tests.builders import a_plan, a_stage, a_step, with_policy
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT)
DEPLOY = Job(kind=JobKind.DEPLOY, ask={"release": "demo/app-v1.0", "deployment": "demo/app"})
JOB = "run1.1.s1.1"


def a_house(attempts: int = 1) -> House:
    house = House()
    house.start(a_plan(a_stage(steps=(with_policy(a_step(work=SCRIPT), Policy(attempts=attempts)),))))
    return house


def taken(house: House, runner: str = "first") -> LeasedJob:
    """The job in the hands of a runner that says when it begins."""
    nonce = f"nonce-of-{runner}-{house.world.secret()}"
    ask = LeaseJobs(pool="default", runner=runner, slots=1, nonce=nonce, says_began=True)
    (leased,) = lease_jobs(house.ports, ask)
    return leased


def begin(house: House, leased: LeasedJob) -> None:
    renew_lease(house.ports, held(leased, began=True))


def said(house: House) -> list[str]:
    return [chunk.text for chunk in house.logs.read(JOB, 0)]


def test_a_lease_lost_before_the_work_began_is_no_attempt_and_the_next_runner_does_it() -> None:
    house = a_house()
    gone = taken(house)
    house.pass_time(30)
    assert house.jobs.job(JOB).phase is JobPhase.WAITING
    second = taken(house, "second")
    with pytest.raises(Conflict, match="lost"):
        begin(house, gone)
    begin(house, second)
    house.finish(second)
    run = house.runs.run("run1")
    assert (run.phase, house.node("run1", "s1").attempt) == (Phase.SUCCEEDED, 1)


def test_a_lease_lost_after_the_work_began_is_an_attempt() -> None:
    house = a_house(attempts=2)
    begin(house, taken(house))
    house.pass_time(30)
    node = house.node("run1", "s1")
    assert (node.attempt, house.jobs.job(JOB).phase) == (2, JobPhase.ENDED)


def test_a_lease_lost_after_the_work_began_breaks_a_step_without_another_attempt() -> None:
    house = a_house()
    begin(house, taken(house))
    house.pass_time(30)
    run = house.runs.run("run1")
    assert run.phase is Phase.BROKEN
    assert house.node("run1", "s1").reason == "runner first was lost"


def test_a_runner_that_does_not_say_when_it_begins_has_begun() -> None:
    house = a_house()
    house.lease("old")
    house.pass_time(30)
    assert house.runs.run("run1").phase is Phase.BROKEN


def test_the_log_says_that_a_lease_came_to_nothing_once() -> None:
    house = a_house()
    taken(house)
    house.pass_time(30)
    look_at_job(house.ports, JOB)
    house.pass_time(30)
    assert said(house) == ["runner first was lost before it began: the job waits for another\n"]


def test_runners_that_wait_hear_of_a_job_that_waits_again() -> None:
    house = a_house()
    taken(house)
    house.live.pushed.clear()
    house.pass_time(30)
    assert ("pool/default", {"job": JOB}) in house.live.pushed


def test_a_job_that_no_runner_begins_breaks_its_step_and_says_why() -> None:
    house = a_house()
    for number in range(MOST_UNBEGUN):
        taken(house, f"r{number}")
        house.pass_time(30)
    assert house.runs.run("run1").phase is Phase.BROKEN
    reason = "10 runners took it and were lost before they began; the last was r9"
    assert house.node("run1", "s1").reason == reason
    assert len(said(house)) == MOST_UNBEGUN - 1


@pytest.mark.parametrize("began", [False, True])
def test_a_deployment_whose_work_never_began_is_not_written_down(began: bool) -> None:
    house = CatalogHouse()
    house.start(a_plan(a_stage(steps=(a_step(work=DEPLOY),))))
    for number in range(MOST_UNBEGUN):
        leased = taken(house, f"r{number}")
        if began and number == 1:
            begin(house, leased)
            house.finish(leased, Outcome.FAILED)
            break
        house.pass_time(30)
    job = house.jobs.job(JOB)
    assert job.phase is JobPhase.ENDED
    found = house.ports.deployments.find_deployment(job.project, job.environment, "demo/app")
    assert (found is not None) is began
