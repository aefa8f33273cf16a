"""Whatever runners say and when: a job is held by one at a time, and ends once."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job, JobPhase
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.work import JobKind
from tests.builders import NOON
from tests.laws.profiles import effort

FRESH = Job(id="run1.1.s1.1", run="run1", execution=1, node="s1", attempt=1, kind=JobKind.SCRIPT, created_at=NOON)
ASKS = ("lease", "promise", "begin", "renew", "finish", "return", "stop", "look")
STEPS = st.tuples(st.sampled_from(ASKS), st.integers(1, 3), st.integers(0, 20))


def after(job: Job, ask: str, number: int, seconds: int) -> Job:
    """The job after somebody asked so. number: the lease that the asker believes to hold."""
    now, token = NOON + timedelta(seconds=seconds), f"token{number}"
    match ask:
        case "lease":
            return jobs.leased(job, "runner", f"token{job.leases + 1}", f"nonce{job.leases + 1}", now=now)
        case "promise":
            token = f"token{job.leases + 1}"
            return jobs.leased(job, "runner", token, f"nonce{job.leases + 1}", now=now, began=False)
        case "begin":
            return jobs.renewed(job, token, number, now=now, began=True)
        case "renew":
            return jobs.renewed(job, token, number, now=now)
        case "finish":
            return jobs.finished(job, token, number, Ending(outcome=Outcome.SUCCEEDED, at=now, nonce=f"end{number}"))
        case "return":
            return jobs.returned(job, token, number, now=now)
        case "stop":
            return jobs.stopped(job, now=now)
        case _:
            return jobs.lost(job, now=now)


@effort(150)
@given(st.lists(STEPS, max_size=30))
def test_a_job_ends_once_and_only_its_holder_speaks_for_it(steps: list[tuple[str, int, int]]) -> None:
    job, seconds = FRESH, 0
    for ask, number, pause in steps:
        before, seconds = job, seconds + pause
        with suppress(Conflict):
            job = after(before, ask, number, seconds)
        assert job.leases >= before.leases
        if before.phase is JobPhase.ENDED:
            assert job is before
        if job != before and ask in ("begin", "renew", "finish", "return"):
            assert before.lease is not None
            assert (before.lease.number, before.leases) == (number, number)
            assert NOON + timedelta(seconds=seconds) < before.lease.until


@effort(150)
@given(st.lists(STEPS, max_size=30))
def test_a_job_that_was_told_to_stop_never_waits_again(steps: list[tuple[str, int, int]]) -> None:
    job, seconds = FRESH, 0
    for ask, number, pause in steps:
        seconds += pause
        with suppress(Conflict):
            job = after(job, ask, number, seconds)
        assert not (job.cancel and job.phase is JobPhase.WAITING)


@effort(300)
@given(st.lists(STEPS, max_size=40))
def test_work_begins_once_in_an_attempt_unless_its_holder_handed_it_back(steps: list[tuple[str, int, int]]) -> None:
    job, seconds, begun = FRESH, 0, set[int]()
    for ask, number, pause in steps:
        before, seconds = job, seconds + pause
        with suppress(Conflict):
            job = after(job, ask, number, seconds)
        if ask == "return" and job is not before:
            begun.clear()
        if job.lease is not None and job.lease.began:
            begun.add(job.lease.number)
        assert len(begun) <= 1


@effort(300)
@given(st.lists(STEPS, max_size=40))
def test_a_lease_that_is_lost_uses_the_attempt_up_if_it_began_and_else_does_not(
    steps: list[tuple[str, int, int]],
) -> None:
    job, seconds = FRESH, 0
    for ask, number, pause in steps:
        before, seconds = job, seconds + pause
        with suppress(Conflict):
            job = after(job, ask, number, seconds)
        if ask == "look" and job is not before and not before.cancel:
            assert before.lease is not None
            is_used_up = before.lease.began or job.unbegun == jobs.MOST_UNBEGUN
            assert (job.phase is JobPhase.ENDED) == is_used_up
            assert (job.leases, job.attempt) == (before.leases, before.attempt)


@effort(50)
@given(st.lists(st.integers(0, 20), max_size=30))
def test_a_job_that_no_runner_begins_ends(pauses: list[int]) -> None:
    job, seconds = FRESH, 0
    for pause in [*pauses, *([0] * jobs.MOST_UNBEGUN)]:
        seconds += pause
        with suppress(Conflict):
            job = after(job, "promise", 0, seconds)
        seconds += int(jobs.LEASE.total_seconds())
        job = after(job, "look", 0, seconds)
    assert job.phase is JobPhase.ENDED
    assert job.unbegun == jobs.MOST_UNBEGUN


@effort(150)
@given(st.lists(STEPS, max_size=30))
def test_a_stopped_or_lost_job_ends_with_time(steps: list[tuple[str, int, int]]) -> None:
    job, seconds = FRESH, 0
    for ask, number, pause in steps:
        seconds += pause
        with suppress(Conflict):
            job = after(job, ask, number, seconds)
    now = NOON + timedelta(seconds=seconds)
    assert jobs.lost(jobs.stopped(job, now=now), now=now + jobs.LEASE).phase is JobPhase.ENDED
