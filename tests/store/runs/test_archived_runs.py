"""Archived runs are read as before, and are nowhere in the tables: asked of the fakes and of the stores alike."""

import threading
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.parting import MOST_EXECUTIONS
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.archive.archived_runs import ArchivedRuns
from chalicelib.store.runs.archive.run_objects import SIDE_BY_SIDE, RunObjects
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.runs import SHARDS, Jobs, Listing, Page, Runs
from infra import resources
from tests.builders import a_plan, later
from tests.fakes.jobs import FakeJobs
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers
from tests.store.runs.test_jobs import a_job
from tests.store.runs.test_jobs import ended as ended_job

RUN, OTHER = "run1", "run2"
END = later(60)


@dataclass(frozen=True)
class Shelf:
    runs: Runs
    jobs: Jobs

    def due(self, seconds: float) -> list[str]:
        """The runs that ended for good until then and are in the tables."""
        return sorted(due.id for shard in range(SHARDS) for due in self.runs.ended(shard, later(seconds), 10))

    def seen(self, run: Run) -> tuple[Any, ...]:
        """All that can be read of a run."""
        page = Page(size=10)
        plan = self.runs.plan(run.plan)
        listed = Listing(project=plan.definition.project, is_open=False)
        return (
            self.runs.find_run(run.id),
            self.runs.find_runs([run.id, OTHER]),
            self.runs.of_definition(plan.definition, page),
            self.runs.of_project(plan.definition.project, plan.definition.kind, page),
            list(self.runs.summaries(listed)),
            list(self.runs.every_of_project(plan.definition.project, DefinitionKind.PIPELINE)),
            self.runs.earlier_executions(run.id),
            plan,
            self.jobs.of_run(run.id),
            [self.jobs.find_job(job.id) for job in self.jobs.of_run(run.id)],
            self.jobs.find_jobs([job.id for job in self.jobs.of_run(run.id)]),
            self.jobs.find_job(f"{run.id}.unknown"),
        )


def a_shelf(aws: Aws, tables: Tables, prefix: str) -> Shelf:
    """The stores as a process has them that has read nothing yet."""
    table, ids = tables.of("runs"), Identifiers("commit")
    plans = Plans(table, ArchivedRuns(table, RunObjects(aws, prefix + resources.BUCKET)))
    return Shelf(StoredRuns(tables, ids, plans), StoredJobs(tables, ids, plans.archived))


@pytest.fixture
def stored(aws: Aws, tables: Tables, prefix: str) -> Shelf:
    resources.create_bucket(aws, prefix)
    return a_shelf(aws, tables, prefix)


@pytest.fixture(params=["fake", "store"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        jobs = FakeJobs()
        return Shelf(FakeRuns(jobs), jobs)
    found: Shelf = request.getfixturevalue("stored")
    return found


def begun(shelf: Shelf, name: str = RUN) -> Run:
    plan = a_plan(run=name)
    run = new_run(plan)
    shelf.runs.create(run, plan)
    return run


def ended(shelf: Shelf, run: Run, *stages: StageExecution) -> Run:
    """The run, ended for good after these stage executions."""
    final = replace(run, phase=Phase.SUCCEEDED, ended_at=END, redeliver_at=None, pending_effects=(), stages=stages)
    return shelf.runs.commit(final)


def executions(count: int) -> tuple[StageExecution, ...]:
    return tuple(
        StageExecution(number=n, stage="one", attempt=n, phase=Phase.SUCCEEDED, began_at=later(n))
        for n in range(1, count + 1)
    )


def a_long_run(shelf: Shelf) -> Run:
    """A run with all that there can be beside it, which has ended, beside one that has not."""
    run = begun(shelf)
    begun(shelf, OTHER)
    for number in (1, 2):
        shelf.jobs.create(replace(ended_job(a_job(number)), acknowledged=True))
    return ended(shelf, run, *executions(MOST_EXECUTIONS + 3))


def test_a_run_is_due_once_it_has_ended_for_good(shelf: Shelf) -> None:
    run = begun(shelf)
    assert shelf.due(1000) == []

    ended(shelf, run)

    assert shelf.due(59) == []
    assert shelf.due(60) == [RUN]


def test_an_archived_run_is_read_as_before(shelf: Shelf) -> None:
    run = a_long_run(shelf)
    before = shelf.seen(run)
    assert all(before[:9])

    shelf.runs.archive(RUN)

    assert shelf.seen(run) == before
    assert shelf.due(1000) == []


def test_it_is_so_by_a_process_that_has_read_nothing(stored: Shelf, aws: Aws, tables: Tables, prefix: str) -> None:
    run = a_long_run(stored)
    before = stored.seen(run)

    stored.runs.archive(RUN)

    assert a_shelf(aws, tables, prefix).seen(run) == before


def test_its_items_are_out_of_the_table(stored: Shelf, tables: Tables) -> None:
    a_long_run(stored)

    stored.runs.archive(RUN)

    table = tables.of("runs")
    left = [*table.every(Path("pk") == f"run#{RUN}"), *table.every(Path("pk") == f"plan#{RUN}")]
    assert sorted(item["sk"] for item in left) == ["execution#000000", f"job#{RUN}.", "plan", "run"]
    assert all("state" not in item and item["archived"] == RUN for item in left)


def test_an_archived_run_changes_no_more(shelf: Shelf) -> None:
    run = ended(shelf, begun(shelf))
    shelf.runs.archive(RUN)

    with pytest.raises(Conflict, match="is archived"):
        shelf.runs.commit(replace(run, phase=Phase.RUNNING, ended_at=None))

    assert shelf.runs.run(RUN) == run


def test_a_run_that_is_open_is_not_archived(shelf: Shelf) -> None:
    run = begun(shelf)

    shelf.runs.archive(RUN)
    shelf.runs.archive("unknown")

    assert shelf.runs.commit(run).version == run.version + 1


def test_a_run_waits_for_the_logs_of_its_jobs(stored: Shelf) -> None:
    run = begun(stored)
    stored.jobs.create(ended_job(a_job()))
    ended(stored, run)

    stored.runs.archive(RUN)

    assert stored.due(1000) == [RUN]


def test_what_a_crash_left_undone_is_done_by_the_next_sweep(stored: Shelf, tables: Tables) -> None:
    run = a_long_run(stored)
    before = stored.seen(run)
    table = tables.of("runs")
    halfway = next(iter(table.every((Path("pk") == f"run#{RUN}") & (Path("sk") == "run"))))
    stored.runs.archive(RUN)
    head = next(iter(table.every((Path("pk") == f"run#{RUN}") & (Path("sk") == "run"))))
    # As it is when the stub is there, and nothing else is done.
    table.put({**head, "due_shard": halfway["due_shard"], "due_at": halfway["due_at"]})
    assert stored.due(1000) == [RUN]

    stored.runs.archive(RUN)

    assert stored.due(1000) == []
    assert stored.seen(run) == before


def test_a_forgotten_run_takes_its_object_along(stored: Shelf, aws: Aws, tables: Tables, prefix: str) -> None:
    run = a_long_run(stored)
    stored.runs.archive(RUN)

    stored.runs.forget(run)

    assert a_shelf(aws, tables, prefix).runs.find_run(RUN) is None
    bucket = prefix + resources.BUCKET
    assert aws.call("s3", "ListObjectsV2", {"Bucket": bucket, "Prefix": "runs/"}).get("Contents", []) == []
    assert not list(tables.of("runs").every(Path("pk") == f"run#{RUN}"))


def test_a_page_of_archived_runs_reads_its_objects_side_by_side(
    stored: Shelf, aws: Aws, tables: Tables, prefix: str
) -> None:
    names = [f"run{number}" for number in range(SIDE_BY_SIDE)]
    for name in names:
        ended(stored, begun(stored, name))
        stored.runs.archive(name)
    all_at_once = threading.Barrier(len(names))

    def interceptor(ask: AwsRequest, send: Send) -> Answer:
        if ask.operation == "GetObject":
            # No object comes until all of them are asked for.
            all_at_once.wait(10)
            asked.append(ask.arguments["Key"])
        return send(ask)

    asked: list[str] = []
    shelf = a_shelf(replace(aws, interceptor=interceptor), tables, prefix)
    found = shelf.runs.find_runs(names)
    plans = shelf.runs.find_plans([run.plan for run in found])

    assert [run.id for run in found] == names
    assert sorted(plan.id for plan in plans) == sorted(run.plan for run in found)
    assert len(asked) == len(names), "plans are in the same objects"
