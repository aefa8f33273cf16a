"""Runs that are forgotten with all that stands beside them: asked of the fakes and of the stores alike."""

from dataclasses import dataclass, replace

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.parting import MOST_EXECUTIONS
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.runs import Jobs, Page, Runs
from tests.builders import a_plan, later
from tests.fakes.jobs import FakeJobs
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers
from tests.store.runs.test_jobs import a_job


@dataclass(frozen=True)
class Shelf:
    runs: Runs
    jobs: Jobs


@pytest.fixture(params=["fake", "store"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "fake":
        jobs = FakeJobs()
        return Shelf(FakeRuns(jobs), jobs)
    tables = request.getfixturevalue("tables")
    return Shelf(StoredRuns(tables, Identifiers("commit")), StoredJobs(tables, Identifiers("commit")))


def a_run(shelf: Shelf, name: str, environment: str, kind: DefinitionKind = DefinitionKind.BUILD) -> Run:
    plan = a_plan(run=name)
    definition = replace(plan.definition, project="web", environment=environment, kind=kind)
    run = new_run(replace(plan, definition=definition))
    shelf.runs.create(run, replace(plan, definition=definition))
    return run


def ids(shelf: Shelf, environment: str = "") -> list[str]:
    return list(shelf.runs.every_of_project("web", DefinitionKind.BUILD, environment))


def test_the_runs_of_a_project_are_told_by_environment_newest_first(shelf: Shelf) -> None:
    for number, environment in enumerate(("qa", "staging", "a#b", "qa"), 1):
        a_run(shelf, f"run{number}", environment)
    a_run(shelf, "run5", "qa", DefinitionKind.DEPLOYMENT_JOB)
    assert ids(shelf) == ["run4", "run3", "run2", "run1"]
    assert ids(shelf, "qa") == ["run4", "run1"]
    assert ids(shelf, "a#b") == ["run3"]
    assert ids(shelf, "a") == []


def test_an_index_that_an_earlier_version_made_tells_the_environments_too(tables: Tables) -> None:
    def narrow(ask: AwsRequest, send: Send) -> Answer:
        answer = send(ask)
        for item in answer["Items"] if ask.operation == "Query" else ():
            item.pop("definition", None)
        return answer

    older = replace(tables, aws=replace(tables.aws, interceptor=narrow))
    shelf = Shelf(StoredRuns(older, Identifiers("commit")), FakeJobs())
    for number, environment in enumerate(("qa", "staging"), 1):
        a_run(shelf, f"run{number}", environment)
    assert ids(shelf, "qa") == ["run1"]


def test_a_forgotten_run_is_nowhere_any_more(shelf: Shelf) -> None:
    gone, other = a_run(shelf, "run1", "qa"), a_run(shelf, "run2", "qa")
    for run in (gone, other):
        shelf.jobs.create(a_job(run=run.id))
    shelf.runs.forget(gone)
    shelf.runs.forget(gone)
    assert ids(shelf) == ["run2"]
    assert [run.id for run in shelf.runs.of_project("web", DefinitionKind.BUILD, Page())] == ["run2"]
    assert shelf.jobs.of_run("run1") == []
    assert len(shelf.jobs.of_run("run2")) == 1
    with pytest.raises(NotFound):
        shelf.runs.run("run1")


def test_what_was_moved_out_of_a_long_run_is_forgotten_with_it(shelf: Shelf) -> None:
    run = a_run(shelf, "run1", "qa")
    many = tuple(
        StageExecution(number=number, stage="one", attempt=number, phase=Phase.SUCCEEDED, began_at=later(number))
        for number in range(1, MOST_EXECUTIONS + 5)
    )
    saved = shelf.runs.commit(replace(run, stages=many, executions=len(many)))
    assert shelf.runs.earlier_executions("run1")
    shelf.runs.forget(saved)
    assert list(shelf.runs.earlier_executions("run1")) == []
