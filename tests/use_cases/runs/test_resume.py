"""Going on after a death between a commit and what it asked for, on fakes."""

import pytest

from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, finished
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.lease import hashed
from chalicelib.use_cases.runs.resume import resume
from tests.builders import a_chain, a_plan, a_stage, a_step
from tests.use_cases.house import House

SCRIPT = a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),)))


@pytest.fixture
def house() -> House:
    """A house in which nothing has happened."""
    return House()


def test_what_was_committed_and_not_performed_is_performed_without_a_deadline_s_wait(house: House) -> None:
    plan = a_plan(a_chain(3))
    house.runs.create(advance(plan, new_run(plan), (), house.world.now()).run, plan)
    house.pass_time(1)
    assert house.node("run1", "s1").phase is Phase.STARTING
    assert resume(house.ports) == 1
    house.work_off()
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_run_hears_of_a_job_whose_ending_was_stored_and_not_told(house: House) -> None:
    house.start(SCRIPT)
    (leased,) = house.lease()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now())
    house.jobs.save(finished(leased.job, hashed(leased.token), leased.job.leases, ending))
    resume(house.ports)
    house.work_off()
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_resuming_takes_no_living_runner_s_job_away(house: House) -> None:
    house.start(SCRIPT)
    (leased,) = house.lease()
    for _ in range(2):
        resume(house.ports)
        house.work_off()
    assert house.jobs.job(leased.job.id) == leased.job
    house.finish(leased)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED
