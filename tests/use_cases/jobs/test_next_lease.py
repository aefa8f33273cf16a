"""The end of a job that asks for the next one comes before those who wait, and leaves them what it does not take."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.finish import FinishJob
from chalicelib.use_cases.jobs.hand_out import FinishAndLease, HandedJob, finish_and_lease
from chalicelib.use_cases.jobs.lease import LeaseJobs
from tests.builders import a_plan, a_stage, a_step
from tests.fakes.jobs import FakeJobs
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})
FIRST = a_step("s1", SCRIPT)


def an_end(house: House, pool: str = "default") -> FinishAndLease:
    """The end of the one job that can be leased, with a wish for the next one."""
    (leased,) = house.lease()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now(), nonce="end")
    return FinishAndLease(
        finish=FinishJob(held=held(leased), ending=ending),
        next=LeaseJobs(pool=pool, runner="r1", slots=1, nonce="nonce-of-the-next-one"),
    )


def ended(house: House, pool: str = "default", jobs: Callable[[Any], Any] = lambda own: own) -> list[HandedJob]:
    """What such an end brings. Of all pushes those that it causes are kept."""
    command = an_end(house, pool)
    house.live.pushed.clear()
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


class Lent:
    """Jobs of which it is not looked up who holds a lease of a nonce."""

    def __init__(self, jobs: object) -> None:
        self._jobs = jobs

    def leased_with(self, pool: str, nonce: str) -> object:
        raise AssertionError(f"nobody can hold a lease of {nonce} in {pool} yet")

    def __getattr__(self, name: str) -> object:
        return getattr(self._jobs, name)


def test_an_end_that_is_told_first_looks_for_no_earlier_answer() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))

    assert [one.leased.job.node for one in ended(house, jobs=Lent)] == ["s2"]


def test_an_end_that_is_told_again_brings_the_same_lease() -> None:
    house = House()
    behind = tuple(a_step(key, SCRIPT, needs=("s1",)) for key in ("s2", "s3"))
    house.start(a_plan(a_stage(steps=(FIRST, *behind))))
    command = an_end(house)

    first, again = finish_and_lease(house.ports, command), finish_and_lease(house.ports, command)

    assert [one.leased.token for one in first] == [one.leased.token for one in again]


class Rivals(Lent):
    """Jobs of which no further one can be leased."""

    def waiting(self, *_: object) -> object:
        raise Stale("others are faster")


def test_those_who_wait_are_woken_though_the_end_brings_none_for_a_fault() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(FIRST, a_step("s2", SCRIPT, needs=("s1",))))))

    with pytest.raises(Stale):
        ended(house, jobs=Rivals)

    assert len(offered(house)) == 1


def test_who_comes_second_at_the_head_of_the_line_leases_what_is_behind_it() -> None:
    class Faster(FakeJobs):
        """Others are faster at the first four."""

        def save(self, job: kernel.Job, entry: AuditEntry | None = None) -> kernel.Job:
            if job.phase is kernel.JobPhase.LEASED and job.node in {"s1", "s2", "s3", "s4"}:
                raise Stale(f"job {job.id} has changed")
            return super().save(job, entry)

    house = House(jobs=Faster())
    house.start(a_plan(a_stage(steps=tuple(a_step(f"s{number}", SCRIPT) for number in range(1, 7)))))

    assert [leased.job.node for leased in house.lease()] == ["s5"]
