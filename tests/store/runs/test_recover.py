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
from chalicelib.store.runs.recover import JUMP, CrashRecovery, Recovered, recover
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.locks import Held, Holder
from tests.builders import NOON, a_plan, later
from tests.fakes.queue import FakeQueue
from tests.fakes.world import FakeWorld, Identifiers
from tests.store.faulted import Faulted, lost_reply, over

COMMITS = Identifiers("commit")


@pytest.fixture
def recovery(tables: Tables) -> CrashRecovery:
    return CrashRecovery(
        tables=tables, identifier=COMMITS, jobs=StoredJobs(tables, COMMITS), queue=FakeQueue(FakeWorld())
    )


def a_job(number: int) -> Job:
    job_id = f"run1.1.s{number}.1"
    return Job(id=job_id, run="run1", execution=1, node=f"s{number}", attempt=1, kind=JobKind.TASK, created_at=NOON)


def test_nothing_to_set_right_is_no_fault(recovery: CrashRecovery) -> None:
    assert recover(recovery, NOON) == Recovered(counters=0, locks=0, leases=0, runs=0)


def test_counters_jump(recovery: CrashRecovery) -> None:
    numbers = StoredNumbers(recovery.tables)
    numbers.following("runs of web")
    assert recover(recovery, NOON).counters == 1
    assert numbers.following("runs of web") == JUMP + 2


def test_fences_jump_and_holders_and_heirs_stay(recovery: CrashRecovery) -> None:
    locks = StoredLocks(recovery.tables, COMMITS)
    first, second = Holder(run="a", execution=1), Holder(run="b", execution=1)
    locks.take("production", first, NOON)
    locks.take("production", second, NOON)
    locks.free("production", first, NOON)
    assert recover(recovery, NOON).locks == 1
    assert locks.take("production", second, NOON) == Held(fence=JUMP + 2)
    assert locks.free("production", first, NOON) == (second, JUMP + 2)


def test_a_fence_jumps_once_where_a_reply_is_lost(recovery: CrashRecovery) -> None:
    holder = Holder(run="a", execution=1)
    StoredLocks(recovery.tables, COMMITS).take("production", holder, NOON)
    interceptor = Faulted(number=3, spoil=lost_reply)

    with closing(over(recovery.tables.aws, interceptor)) as aws:
        recover(replace(recovery, tables=replace(recovery.tables, aws=aws)), NOON)

    assert interceptor.spoilt is not None
    assert interceptor.spoilt.operation == "PutItem"
    assert StoredLocks(recovery.tables, COMMITS).take("production", holder, NOON) == Held(fence=JUMP + 1)


def test_leases_end_and_their_jobs_are_looked_at(recovery: CrashRecovery) -> None:
    recovery.jobs.create(a_job(1))
    held = recovery.jobs.save(kernel.leased(recovery.jobs.create(a_job(2)), "runner", "token", "nonce", now=NOON))
    assert recover(recovery, later(5)).leases == 1
    assert kernel.lost(recovery.jobs.job(held.id), now=later(5)).ending is not None
    assert [job.id for job in recovery.jobs.waiting("default", 5)] == [a_job(1).id]
    assert isinstance(recovery.queue, FakeQueue)
    assert recovery.queue.messages("timers") == [LookAtJob(job=held.id)]


def test_a_lease_that_had_not_begun_may_have_done_so_in_the_lost_second(recovery: CrashRecovery) -> None:
    job = recovery.jobs.create(a_job(1))
    recovery.jobs.save(kernel.leased(job, "runner", "token", "nonce", now=NOON, began=False))
    recover(recovery, later(5))
    ended = kernel.lost(recovery.jobs.job(job.id), now=later(5))
    assert ended.ending is not None
    assert ended.ending.reason == "runner runner was lost"


def test_open_runs_are_looked_at_and_ended_ones_are_not(recovery: CrashRecovery) -> None:
    runs = StoredRuns(recovery.tables, COMMITS)
    for name in ("open", "ended"):
        runs.create(new_run(a_plan(run=name)), a_plan(run=name))
    runs.commit(replace(runs.run("ended"), phase=Phase.CANCELLED))
    assert recover(recovery, NOON).runs == 1
    assert isinstance(recovery.queue, FakeQueue)
    assert recovery.queue.messages("events") == [Happened(run="open", events=(EffectsLost(at=NOON),))]


def test_an_ended_job_whose_run_may_not_know_is_looked_at(recovery: CrashRecovery) -> None:
    ended = recovery.jobs.create(kernel.stopped(a_job(1), now=NOON))
    recovery.jobs.create(replace(kernel.stopped(a_job(2), now=NOON), acknowledged=True))
    recover(recovery, later(5))
    assert isinstance(recovery.queue, FakeQueue)
    assert recovery.queue.messages("timers") == [LookAtJob(job=ended.id)]
    assert recovery.jobs.job(ended.id) == ended


def test_recovering_twice_does_no_harm(recovery: CrashRecovery) -> None:
    numbers = StoredNumbers(recovery.tables)
    numbers.following("n")
    recovery.jobs.save(kernel.leased(recovery.jobs.create(a_job(1)), "runner", "token", "nonce", now=NOON))
    recover(recovery, NOON)
    recover(recovery, later(1))
    assert numbers.following("n") == 2 * JUMP + 2
    assert kernel.lost(recovery.jobs.job(a_job(1).id), now=NOON).ending is not None
