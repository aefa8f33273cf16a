"""What is set right after an unclean stop of the local cloud."""

from contextlib import closing
from dataclasses import replace

import pytest

from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.events import EffectsLost
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.message import Happened, LookAtJob
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.work import JobKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.locks import StoredLocks
from chalicelib.store.runs.numbers import StoredNumbers
from chalicelib.store.runs.recover import JUMP, Recovered, Shaken, recover
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.runs import Held, Holder
from tests.builders import NOON, a_plan, later
from tests.fakes.queue import FakeQueue
from tests.fakes.world import FakeWorld, Identifiers
from tests.store.faulted import Faulted, lost_reply, over

COMMITS = Identifiers("commit")


@pytest.fixture
def shaken(tables: Tables) -> Shaken:
    return Shaken(tables=tables, identifier=COMMITS, jobs=StoredJobs(tables, COMMITS), queue=FakeQueue(FakeWorld()))


def a_job(number: int) -> Job:
    job_id = f"run1.1.s{number}.1"
    return Job(id=job_id, run="run1", execution=1, node=f"s{number}", attempt=1, kind=JobKind.TASK, created_at=NOON)


def test_nothing_to_set_right_is_no_fault(shaken: Shaken) -> None:
    assert recover(shaken, NOON) == Recovered(counters=0, locks=0, leases=0, runs=0)


def test_counters_jump(shaken: Shaken) -> None:
    numbers = StoredNumbers(shaken.tables)
    numbers.following("runs of web")
    assert recover(shaken, NOON).counters == 1
    assert numbers.following("runs of web") == JUMP + 2


def test_fences_jump_and_holders_and_heirs_stay(shaken: Shaken) -> None:
    locks = StoredLocks(shaken.tables, COMMITS)
    first, second = Holder(run="a", execution=1), Holder(run="b", execution=1)
    locks.take("production", first, NOON)
    locks.take("production", second, NOON)
    locks.free("production", first, NOON)
    assert recover(shaken, NOON).locks == 1
    assert locks.take("production", second, NOON) == Held(fence=JUMP + 2)
    assert locks.free("production", first, NOON) == (second, JUMP + 2)


def test_a_fence_jumps_once_where_a_reply_is_lost(shaken: Shaken) -> None:
    holder = Holder(run="a", execution=1)
    StoredLocks(shaken.tables, COMMITS).take("production", holder, NOON)
    seam = Faulted(number=3, spoil=lost_reply)

    with closing(over(shaken.tables.aws, seam)) as aws:
        recover(replace(shaken, tables=replace(shaken.tables, aws=aws)), NOON)

    assert seam.spoilt is not None
    assert seam.spoilt.operation == "PutItem"
    assert StoredLocks(shaken.tables, COMMITS).take("production", holder, NOON) == Held(fence=JUMP + 1)


def test_leases_end_and_their_jobs_are_looked_at(shaken: Shaken) -> None:
    shaken.jobs.create(a_job(1))
    held = shaken.jobs.save(kernel.leased(shaken.jobs.create(a_job(2)), "runner", "token", "nonce", now=NOON))
    assert recover(shaken, later(5)).leases == 1
    assert kernel.lost(shaken.jobs.job(held.id), now=later(5)).ending is not None
    assert [job.id for job in shaken.jobs.waiting("default", 5)] == [a_job(1).id]
    assert isinstance(shaken.queue, FakeQueue)
    assert shaken.queue.messages("timers") == [LookAtJob(job=held.id)]


def test_a_lease_that_had_not_begun_may_have_done_so_in_the_lost_second(shaken: Shaken) -> None:
    job = shaken.jobs.create(a_job(1))
    shaken.jobs.save(kernel.leased(job, "runner", "token", "nonce", now=NOON, began=False))
    recover(shaken, later(5))
    ended = kernel.lost(shaken.jobs.job(job.id), now=later(5))
    assert ended.ending is not None
    assert ended.ending.reason == "runner runner was lost"


def test_open_runs_are_looked_at_and_ended_ones_are_not(shaken: Shaken) -> None:
    runs = StoredRuns(shaken.tables, COMMITS)
    for name in ("open", "ended"):
        runs.create(new_run(a_plan(run=name)), a_plan(run=name))
    runs.commit(replace(runs.run("ended"), phase=Phase.CANCELLED))
    assert recover(shaken, NOON).runs == 1
    assert isinstance(shaken.queue, FakeQueue)
    assert shaken.queue.messages("events") == [Happened(run="open", events=(EffectsLost(at=NOON),))]


def test_an_ended_job_whose_run_may_not_know_is_looked_at(shaken: Shaken) -> None:
    ended = shaken.jobs.create(kernel.stopped(a_job(1), now=NOON))
    shaken.jobs.create(replace(kernel.stopped(a_job(2), now=NOON), acknowledged=True))
    recover(shaken, later(5))
    assert isinstance(shaken.queue, FakeQueue)
    assert shaken.queue.messages("timers") == [LookAtJob(job=ended.id)]
    assert shaken.jobs.job(ended.id) == ended


def test_recovering_twice_does_no_harm(shaken: Shaken) -> None:
    numbers = StoredNumbers(shaken.tables)
    numbers.following("n")
    shaken.jobs.save(kernel.leased(shaken.jobs.create(a_job(1)), "runner", "token", "nonce", now=NOON))
    recover(shaken, NOON)
    recover(shaken, later(1))
    assert numbers.following("n") == 2 * JUMP + 2
    assert kernel.lost(shaken.jobs.job(a_job(1).id), now=NOON).ending is not None
