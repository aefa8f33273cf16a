"""Jobs that are written with their run, all or nothing: asked of the fakes and of the stores alike."""

import contextlib
import random
from dataclasses import dataclass, replace

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Refused, Send
from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Stale, TooLarge
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.jobs_beside import JobMoved, JobsBeside
from chalicelib.use_cases.ports.runs import Jobs, Runs
from tests.builders import NOON, a_plan, an_entry, later
from tests.conftest import aws_at
from tests.fakes.jobs import FakeJobs
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers
from tests.store.runs.test_jobs import a_job, ended, leased

PLAN = a_plan(run="run1")
FIRST, SECOND = a_job(1), a_job(2)


@dataclass(frozen=True)
class Shelf:
    """Both ports of one process."""

    runs: Runs
    jobs: Jobs


def shelf_on(tables: Tables, name: str, remembered: int = 0) -> Shelf:
    jobs = StoredJobs(tables, Identifiers(name), remembered=remembered)
    return Shelf(StoredRuns(tables, Identifiers(name), remembered=remembered, jobs=jobs), jobs)


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        jobs = FakeJobs()
        return Shelf(FakeRuns(jobs), jobs)
    return shelf_on(request.getfixturevalue("tables"), "commit")


def held(shelf: Shelf) -> tuple[Run, Job]:
    """A run that begins with its first job, which a runner has."""
    assert shelf.runs.create(new_run(PLAN), PLAN, an_entry(), JobsBeside(new=(FIRST,)))
    return shelf.runs.run("run1"), leased(shelf.jobs, FIRST)


def test_a_run_begins_with_its_jobs(shelf: Shelf) -> None:
    _, job = held(shelf)

    assert shelf.jobs.find_job(FIRST.id) == job
    assert [one.id for one in shelf.jobs.of_run("run1")] == [FIRST.id]


def test_a_run_that_is_there_gets_no_jobs(shelf: Shelf) -> None:
    held(shelf)

    assert not shelf.runs.create(new_run(PLAN), PLAN, an_entry("ask2"), JobsBeside(new=(SECOND,)))

    assert shelf.jobs.find_job(SECOND.id) is None


def test_a_run_does_not_begin_with_a_job_that_is_there(shelf: Shelf) -> None:
    shelf.jobs.create(FIRST)

    with pytest.raises(JobMoved):
        shelf.runs.create(new_run(PLAN), PLAN, an_entry(), JobsBeside(new=(FIRST,)))

    assert shelf.runs.find_run("run1") is None
    assert shelf.runs.create(new_run(PLAN), PLAN, an_entry())


def test_a_run_that_is_gone_does_not_begin_with_jobs_either(shelf: Shelf) -> None:
    entry = an_entry()
    shelf.runs.create(new_run(PLAN), PLAN, entry)
    shelf.runs.forget(new_run(PLAN))

    with pytest.raises(Conflict, match="was begun before"):
        shelf.runs.create(new_run(PLAN), PLAN, entry, JobsBeside(new=(FIRST,)))

    assert shelf.jobs.find_job(FIRST.id) is None


def test_the_end_of_a_job_its_run_and_the_next_job_are_one(shelf: Shelf) -> None:
    run, job = held(shelf)

    saved = shelf.runs.commit(replace(run, reason="moved"), (), JobsBeside(new=(SECOND,), saved=ended(job)))

    assert shelf.runs.run("run1") == saved == replace(run, reason="moved", version=run.version + 1)
    assert shelf.jobs.job(FIRST.id) == replace(ended(job), version=job.version + 1)
    assert [one.id for one in shelf.jobs.waiting("default", 9)] == [SECOND.id]
    assert shelf.jobs.save(kernel.leased(SECOND, "runner", "token", "nonce", now=NOON)).version == 1


def test_what_occurred_is_told_with_them_once(shelf: Shelf) -> None:
    run, job = held(shelf)
    final = replace(run, phase=Phase.SUCCEEDED, ended_at=later(10))
    occurred = occurrences_of_run(PLAN, run, final)
    assert occurred

    shelf.runs.commit(final, occurred, JobsBeside(saved=ended(job)))

    assert shelf.runs.run("run1").phase is Phase.SUCCEEDED
    with pytest.raises(Stale):
        shelf.runs.commit(final, occurred, JobsBeside(saved=ended(job)))


@pytest.mark.parametrize("occurs", [False, True])
def test_nothing_is_written_where_a_job_is_there_or_has_changed(shelf: Shelf, *, occurs: bool) -> None:
    run, job = held(shelf)
    final = replace(run, phase=Phase.SUCCEEDED, ended_at=later(10))
    moved, occurred = (final, occurrences_of_run(PLAN, run, final)) if occurs else (replace(run, reason="moved"), ())
    shelf.jobs.create_tombstone(ended(SECOND))

    with pytest.raises(JobMoved):
        shelf.runs.commit(moved, occurred, JobsBeside(new=(SECOND,), saved=ended(job)))
    with pytest.raises(JobMoved):
        shelf.runs.commit(moved, occurred, JobsBeside(new=(a_job(3),), saved=replace(ended(job), version=0)))

    assert (shelf.runs.run("run1"), shelf.jobs.job(FIRST.id)) == (run, job)
    assert shelf.jobs.find_job(a_job(3).id) is None
    assert shelf.runs.commit(moved, occurred).version == run.version + 1


def test_a_run_that_has_changed_is_stale_and_its_jobs_stay(shelf: Shelf) -> None:
    run, job = held(shelf)
    shelf.runs.commit(replace(run, reason="a rival's"))

    with pytest.raises(Stale) as stale:
        shelf.runs.commit(replace(run, reason="moved"), (), JobsBeside(new=(SECOND,), saved=ended(job)))

    assert not isinstance(stale.value, JobMoved)
    assert shelf.jobs.job(FIRST.id) == job
    assert shelf.jobs.find_job(SECOND.id) is None


@pytest.mark.cloud
def test_a_job_that_outgrows_its_record_is_written_with_no_run(tables: Tables) -> None:
    shelf = shelf_on(tables, "one")
    run, job = held(shelf)
    large = replace(SECOND, ask={"script": [hash(str(one)) for one in range(60_000)]})

    with pytest.raises(TooLarge):
        shelf.runs.commit(replace(run, reason="moved"), (), JobsBeside(new=(large,), saved=ended(job)))

    assert (shelf.runs.run("run1"), shelf.jobs.job(FIRST.id)) == (run, job)


@pytest.mark.cloud
def test_jobs_that_together_outgrow_a_transaction_are_written_with_no_run(tables: Tables) -> None:
    shelf = shelf_on(tables, "one", remembered=9)
    run, _ = held(shelf)
    words = "".join(random.Random(1).choices("abcdefghijklmnop", k=500_000))  # noqa: S311 - guards nothing
    crowd = tuple(replace(a_job(number), ask={"script": words}) for number in range(2, 15))

    with pytest.raises(TooLarge, match="13 jobs outgrow the transaction"):
        shelf.runs.commit(replace(run, reason="moved"), (), JobsBeside(new=crowd))

    assert shelf.runs.run("run1") == run


@pytest.mark.cloud
def test_a_commit_whose_answer_was_lost_is_none_that_somebody_else_made(tables: Tables, cloud: str) -> None:
    lost: list[str] = []

    def losing(ask: AwsRequest, send: Send) -> Answer:
        answer = send(ask)
        if ask.operation == "TransactWriteItems" and not lost:
            lost.append(ask.operation)
            raise Refused("InternalServerError", "lost", {}, 500)
        return answer

    run, job = held(shelf_on(tables, "one"))
    with contextlib.closing(aws_at(cloud, losing)) as client:
        other = shelf_on(Tables(aws=client, prefix=tables.prefix), "other")
        saved = other.runs.commit(replace(run, reason="moved"), (), JobsBeside(new=(SECOND,), saved=ended(job)))

    assert lost
    assert shelf_on(tables, "one").runs.run("run1") == saved
    assert shelf_on(tables, "one").jobs.job(FIRST.id).ending is not None


@pytest.mark.cloud
def test_who_is_alone_remembers_no_job_that_ended_with_its_run(tables: Tables) -> None:
    shelf = shelf_on(tables, "one", remembered=9)
    run, job = held(shelf)
    assert shelf.jobs.last_saved(FIRST.id) == job

    shelf.runs.commit(replace(run, reason="moved"), (), JobsBeside(saved=ended(job)))

    assert shelf.jobs.last_saved(FIRST.id) is None


@pytest.mark.cloud
def test_one_machine_writes_more_beside_a_run_than_where_units_cost(tables: Tables) -> None:
    alone, among_others = shelf_on(tables, "one", remembered=9), shelf_on(tables, "other")

    assert alone.runs.most_beside > 50 > among_others.runs.most_beside >= 1
