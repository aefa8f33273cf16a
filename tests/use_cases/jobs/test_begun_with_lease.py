"""A runner that begins its next job with the answer to its finish needs no heartbeat for it, where that is safe."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.finish import FinishJob
from chalicelib.use_cases.jobs.hand_out import FinishAndLease, HandedJob, finish_and_lease
from chalicelib.use_cases.jobs.lease import LeaseJobs, lease_jobs
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House, held

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true", "secrets": {}})
NEXT = "nonce-of-the-next-one"


def a_house(second: Job = SCRIPT) -> House:
    """A run of two steps in sequence."""
    house = House()
    house.start(a_plan(a_stage(steps=(a_step("s1", SCRIPT), a_step("s2", second, needs=("s1",))))))
    return house


def an_end(house: House) -> FinishAndLease:
    """The first job's, of a runner that begins what it is leased with it."""
    (leased,) = house.lease()
    now = house.world.now()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=now, nonce="end")
    until = now + timedelta(seconds=2)
    wanted = LeaseJobs(pool="default", runner="r1", slots=1, nonce=NEXT, says_began=True, begins_until=until)
    return FinishAndLease(finish=FinishJob(held=held(leased), ending=ending), next=wanted)


def following(house: House, command: FinishAndLease) -> HandedJob:
    (handed,) = finish_and_lease(house.ports, command)
    return handed


def has_begun(handed: HandedJob) -> bool:
    lease = handed.leased.job.lease
    assert lease is not None
    assert (lease.began_at is not None) == lease.began
    return lease.began


def test_a_script_begins_with_the_answer_that_brings_it() -> None:
    house = a_house()

    handed = following(house, an_end(house))

    assert has_begun(handed)
    house.pass_time(30)
    # As after a heartbeat that says so: what it did is not known.
    assert (house.runs.run("run1").phase, house.node("run1", "s2").reason) == (Phase.BROKEN, "runner r1 was lost")


def test_whoever_does_not_promise_it_says_it_by_a_heartbeat() -> None:
    house = a_house()
    command = an_end(house)
    assert command.next is not None

    assert not has_begun(following(house, replace(command, next=replace(command.next, begins_until=None))))


def test_nothing_begins_with_an_answer_that_may_come_too_late() -> None:
    house = a_house()
    command = an_end(house)
    house.world.move(timedelta(seconds=3))

    assert not has_begun(following(house, command))


def test_nothing_begins_with_an_answer_that_is_repeated() -> None:
    house = a_house()
    command = an_end(house)
    assert finish_and_lease(house.ports, replace(command, next=None)) == []

    assert not has_begun(following(house, command))


def test_the_repetition_finds_what_has_begun_with_the_answer_that_was_lost() -> None:
    house = a_house()
    command = an_end(house)

    first, again = following(house, command), following(house, command)

    assert first.leased == again.leased
    assert has_begun(again)


def test_nothing_begins_so_where_a_repetition_might_not_find_it() -> None:
    house = a_house()
    house.jobs.lags = True

    assert not has_begun(following(house, an_end(house)))


def test_nothing_begins_so_that_needs_more_than_its_record() -> None:
    for more in ({"secret_names": {"password": "x"}}, {"api_token": True}, {"sensitive": ["x"]}):
        house = a_house(Job(kind=JobKind.SCRIPT, ask={"script": "true", **more}))
        command = an_end(house)
        assert command.next is not None
        finish_and_lease(house.ports, replace(command, next=None))

        (leased,) = lease_jobs(house.ports, replace(command.next, is_first=True))

        assert leased.job.lease is not None
        assert not leased.job.lease.began
