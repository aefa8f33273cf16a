"""The end of a job that asks for the next one comes before those who wait, and leaves them what it does not take."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.hand_out import FinishAndLease, HandedJob, finish_and_lease
from chalicelib.use_cases.jobs.lease import LeaseJobs
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})
FIRST = a_step("s1", SCRIPT)


def ended(house: House, pool: str = "default", jobs: Callable[[Any], Any] = lambda own: own) -> list[HandedJob]:
    """What the end of the one leased job brings, of that pool. Only what is pushed by it is kept."""
    (leased,) = house.lease()
    house.live.pushed.clear()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now(), nonce="end")
    command = FinishAndLease(
        finish=FinishJob(held=held(leased), ending=ending),
        next=LeaseJobs(pool=pool, runner="r1", slots=1, nonce="nonce-of-the-next-one"),
    )
    return list(finish_and_lease(replace(house.ports, jobs=jobs(house.jobs)), command))


def offered(house: House) -> list[object]:
    return [message["job"] for topic, message in house.live.pushed if topic == "pool/default"]


def test_nobody_is_woken_for_the_next_job_that_the_end_takes() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))

    (following,) = ended(house)

    assert following.leased.job.node == "s2"
    assert offered(house) == []


def test_those_who_wait_are_woken_for_what_the_end_leaves() -> None:
    house = House()
    behind = tuple(a_step(key, SCRIPT, needs=("s1",)) for key in ("s2", "s3", "s4"))
    house.start(a_plan(a_stage(steps=(FIRST, *behind))))

    (following,) = ended(house)

    assert len(set(offered(house))) == 2
    assert following.leased.job.id not in offered(house)


def test_those_who_wait_are_woken_where_the_end_asks_another_pool() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))

    assert ended(house, pool="other") == []
    assert len(offered(house)) == 1


class Rivals:
    """Jobs of which no further one can be leased."""

    def __init__(self, jobs: object) -> None:
        self._jobs = jobs

    def waiting(self, *_: object) -> object:
        raise Stale("others are faster")

    def __getattr__(self, name: str) -> object:
        return getattr(self._jobs, name)


def test_those_who_wait_are_woken_though_the_end_brings_none_for_a_fault() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))

    with pytest.raises(Stale):
        ended(house, jobs=Rivals)

    assert len(offered(house)) == 1


def a_finish(house: House) -> FinishAndLease:
    """The end of the one leased job, and the ask of its runner for the next."""
    (leased,) = house.lease()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now(), nonce="end")
    following = LeaseJobs(pool="default", runner="r1", slots=1, nonce=house.world.secret())
    return FinishAndLease(finish=FinishJob(held=held(leased), ending=ending), next=following)


def test_a_finish_that_is_heard_again_gives_the_same_lease_and_no_other() -> None:
    house = House()
    behind = tuple(a_step(key, SCRIPT, needs=("s1",)) for key in ("s2", "s3", "s4"))
    house.start(a_plan(a_stage(steps=(FIRST, *behind))))
    asked = a_finish(house)

    answers = [finish_and_lease(house.ports, asked) for _ in range(3)]

    assert len({tuple(one.leased.token for one in answer) for answer in answers}) == 1
    assert len(house.jobs.waiting("default", 8)) == 2


def test_a_finish_whose_answer_was_lost_before_it_leased_leases_when_it_is_heard_again() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))
    asked = a_finish(house)
    finish_job(house.ports, asked.finish)

    (second,) = finish_and_lease(house.ports, asked)

    assert second.leased.job.node == "s2"
    assert [one.leased.token for one in finish_and_lease(house.ports, asked)] == [second.leased.token]
