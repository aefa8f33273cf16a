"""A script whose runner wrote nothing to its log leaves nothing to seal: its job is due no more once its run knows."""

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.engine.job import Job as EngineJob
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.store.runs.jobs import job_due_at
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.lease import LeasedJob
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})


def a_house(work: Job = SCRIPT) -> House:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step("s1", work),))))
    return house


def ended(house: House, leased: LeasedJob, *, is_silent: bool) -> EngineJob:
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now(), nonce="end")
    return finish_job(house.ports, FinishJob(held=held(leased), ending=ending, is_silent=is_silent))


def test_the_empty_log_of_a_script_needs_no_seal() -> None:
    house = a_house()
    (leased,) = house.lease()

    job = ended(house, leased, is_silent=True)

    assert (job.acknowledged, job.sealed, job_due_at(job)) == (True, True, None)


def test_a_log_with_lines_is_sealed_later() -> None:
    house = a_house()
    (leased,) = house.lease()

    job = ended(house, leased, is_silent=False)

    assert (job.acknowledged, job.sealed) == (True, False)
    assert job_due_at(job) is not None


def test_a_log_in_which_the_platform_told_of_a_lost_runner_is_sealed_later() -> None:
    house = a_house()
    house.lease(says_began=True)
    house.pass_time(30)
    (second,) = house.lease("second")

    job = ended(house, second, is_silent=True)

    assert not job.sealed
    house.pass_time(30)
    assert house.jobs.job(job.id).sealed


@pytest.mark.parametrize("kind", [JobKind.BUILD, JobKind.LOAD])
def test_a_log_to_which_others_may_write_is_sealed_later(kind: JobKind) -> None:
    house = a_house(Job(kind=kind, ask={}))
    (leased,) = house.lease()

    assert not ended(house, leased, is_silent=True).sealed
