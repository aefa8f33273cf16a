"""The contract of the port Runs: the fake and the store keep it alike."""

import base64
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.parting import MOST_EXECUTIONS
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.explanation.summary import RunSummary, summary_of
from chalicelib.kernel.faults import NotFound, Stale, TooLarge
from chalicelib.kernel.plans.plan import Plan, Train
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.dynamo.records import Recent
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.runs import SHARDS, Due, Listing, Page, Runs
from tests.builders import NOON, a_chain, a_plan, begun, finished, later, started, then
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers


@pytest.fixture(params=["fake", "store"])
def runs(request: pytest.FixtureRequest) -> Runs:
    if request.param == "fake":
        return FakeRuns()
    return StoredRuns(request.getfixturevalue("tables"), Identifiers("commit"))


def stored(runs: Runs, plan: Plan) -> Run:
    run = new_run(plan)
    assert runs.create(run, plan)
    return run


def all_due(runs: Runs, seconds: float) -> list[Due]:
    return [due for shard in range(SHARDS) for due in runs.due(shard, later(seconds), 100)]


def ended(run: Run) -> Run:
    return replace(run, phase=Phase.SUCCEEDED, ended_at=later(60), redeliver_at=None)


def execution(number: int, stage: str = "one", phase: Phase = Phase.SUCCEEDED) -> StageExecution:
    return StageExecution(number=number, stage=stage, attempt=number, phase=phase, began_at=later(number))


def test_a_run_is_read_as_it_was_stored(runs: Runs) -> None:
    plan = a_plan(a_chain(30))
    moved = then(begun(plan), started(), finished(outputs={"release": "web/shop-v1.0"}), now=later(5)).run
    runs.create(moved, plan)
    assert runs.run("run1") == moved
    assert runs.plan("run1") == plan
    assert runs.find_run("run1") == runs.run("run1")


def test_an_unknown_run_or_plan_is_not_found(runs: Runs) -> None:
    assert runs.find_run("other") is None
    with pytest.raises(NotFound, match="no run other"):
        runs.run("other")
    with pytest.raises(NotFound, match="no plan other"):
        runs.plan("other")


def test_creating_a_run_again_changes_nothing(runs: Runs) -> None:
    run = stored(runs, a_plan())
    assert not runs.create(ended(run), a_plan(a_chain(3)))
    assert runs.run("run1") == run
    assert runs.plan("run1") == a_plan()


def test_a_commit_raises_the_version_by_one(runs: Runs) -> None:
    run = stored(runs, a_plan())
    saved = runs.commit(ended(run))
    assert saved == replace(ended(run), version=1)
    assert runs.run("run1") == saved


def test_a_commit_on_an_older_version_is_stale(runs: Runs) -> None:
    run = stored(runs, a_plan())
    runs.commit(replace(run, reason="first"))
    with pytest.raises(Stale, match="run1 has changed since version 0"):
        runs.commit(replace(run, reason="second"))
    assert runs.run("run1").reason == "first"


def test_a_commit_of_a_run_that_is_not_there_is_stale(runs: Runs) -> None:
    runs.replace_plan(a_plan())
    with pytest.raises(Stale):
        runs.commit(new_run(a_plan()))


def test_of_many_rivals_one_commits(runs: Runs) -> None:
    run = stored(runs, a_plan())

    def compete(rival: int) -> bool:
        try:
            runs.commit(replace(run, reason=f"rival {rival}"))
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(compete, range(24)))
    assert sum(won) == 1
    assert runs.run("run1").reason == f"rival {won.index(True)}"


def test_rivals_that_read_again_lose_no_update(runs: Runs) -> None:
    stored(runs, a_plan())

    def add(release: str) -> None:
        while True:
            run = runs.run("run1")
            try:
                runs.commit(replace(run, releases=(*run.releases, release)))
            except Stale:
                continue
            return

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(add, [f"r{number}" for number in range(30)]))
    assert sorted(runs.run("run1").releases) == sorted(f"r{number}" for number in range(30))
    assert runs.run("run1").version == 30


def test_a_replaced_plan_is_found_by_its_own_id(runs: Runs) -> None:
    run = stored(runs, a_plan())
    other = replace(a_plan(a_chain(2)), id="run1/2")
    runs.replace_plan(other)
    runs.replace_plan(other)
    runs.commit(replace(run, plan="run1/2"))
    assert runs.plan(runs.run("run1").plan) == other
    assert runs.plan("run1") == a_plan()


def test_a_run_is_due_when_it_must_be_looked_at_again(runs: Runs) -> None:
    run = stored(runs, a_plan())
    runs.commit(replace(run, redeliver_at=later(40)))
    assert all_due(runs, 39.999) == []
    assert all_due(runs, 40) == [Due(id="run1", at=later(40))]


def test_a_run_that_ended_and_owes_nothing_is_not_due(runs: Runs) -> None:
    runs.commit(ended(stored(runs, a_plan())))
    assert all_due(runs, 10_000) == []


def test_what_is_due_comes_earliest_first_and_is_spread_over_the_shards(runs: Runs) -> None:
    for number in range(60):
        run = stored(runs, a_plan(run=f"run{number}"))
        runs.commit(replace(run, redeliver_at=later(60 - number)))
    by_shard = [list(runs.due(shard, later(100), 100)) for shard in range(SHARDS)]
    assert sum(len(due) for due in by_shard) == 60
    assert sum(1 for due in by_shard if due) > 10
    for due in by_shard:
        assert [one.at for one in due] == sorted(one.at for one in due)
        assert due == list(runs.due(by_shard.index(due), later(100), 1)), "whatever is read at once"


def test_the_runs_of_a_definition_come_newest_first_page_by_page(runs: Runs) -> None:
    for number in range(1, 8):
        stored(runs, a_plan(run=f"run{number}"))
    definition = a_plan().definition
    other = replace(definition, name="other")
    first = runs.of_definition(definition, Page(size=3))
    second = runs.of_definition(definition, Page(size=3, after=first[-1].id))
    assert [run.id for run in first] == ["run7", "run6", "run5"]
    assert [run.id for run in second] == ["run4", "run3", "run2"]
    assert list(runs.of_definition(other, Page())) == []


def test_the_runs_of_a_project_are_those_of_all_its_definitions_of_a_kind(runs: Runs) -> None:
    def named(run: str, name: str, kind: DefinitionKind = DefinitionKind.PIPELINE, project: str = "web") -> None:
        definition = replace(a_plan().definition, name=name, kind=kind, project=project)
        stored(runs, replace(a_plan(run=run), definition=definition))

    named("run1", "release")
    named("run2", "hotfix")
    named("run3", "release", DefinitionKind.BUILD)
    named("run4", "release", project="shop")
    found = runs.of_project("web", DefinitionKind.PIPELINE, Page())
    assert [run.id for run in found] == ["run2", "run1"]


def test_names_do_not_run_into_one_another(runs: Runs) -> None:
    definition = replace(a_plan().definition, project="web", environment="a#b", name="c")
    stored(runs, replace(a_plan(), definition=definition))
    assert list(runs.of_definition(replace(definition, environment="a", name="b#c"), Page())) == []


def test_the_open_runs_of_a_train_are_those_below_a_number_that_have_not_ended(runs: Runs) -> None:
    for number in (1, 2, 3, 4):
        stored(runs, a_plan(run=f"run{number}", train=Train(name="web 2.0", number=number)))
    stored(runs, a_plan(run="run5", train=Train(name="web 3.0", number=1)))
    runs.commit(ended(runs.run("run2")))
    assert list(runs.open_in_train("web 2.0", below=4)) == ["run1", "run3"]


def test_unfinished_are_those_that_have_not_ended(runs: Runs) -> None:
    stored(runs, a_plan(run="run1"))
    runs.commit(ended(stored(runs, a_plan(run="run2"))))
    assert list(runs.unfinished()) == ["run1"]


def test_a_long_run_keeps_the_latest_execution_of_each_stage_and_loses_none(runs: Runs) -> None:
    run = stored(runs, a_plan(a_chain(1)))
    latest_elsewhere = execution(1, stage="two")
    stages = (latest_elsewhere, *(execution(number) for number in range(2, MOST_EXECUTIONS + 4)))
    saved = runs.commit(replace(run, stages=stages))
    assert saved == runs.run("run1")
    assert len(saved.stages) == MOST_EXECUTIONS
    assert saved.stages[0] == latest_elsewhere
    again = runs.commit(replace(saved, stages=(*saved.stages, execution(40, phase=Phase.RUNNING))))
    moved = tuple(runs.earlier_executions("run1"))
    assert [one.number for one in moved] == [2, 3, 4, 5]
    assert sorted((*moved, *again.stages), key=lambda one: one.number) == [*stages, again.stages[-1]]


def test_what_is_running_never_leaves_the_run(runs: Runs) -> None:
    run = stored(runs, a_plan(a_chain(1)))
    stages = tuple(execution(number, phase=Phase.RUNNING) for number in range(1, MOST_EXECUTIONS + 10))
    assert runs.commit(replace(run, stages=stages)).stages == stages


def a_big_text(size: int) -> str:
    """Text of so much that does not shrink: text that shrinks a little takes zlib twenty times as long."""
    return base64.b64encode(random.Random(1).randbytes(size)).decode()  # noqa: S311 - what does not shrink


@pytest.mark.parametrize("act", ["create a run", "create a plan", "commit"])
def test_what_outgrows_its_record_is_refused_before_anything_is_written(runs: Runs, act: str) -> None:
    plan, big = a_plan(), a_big_text(700_000)
    writes: dict[str, Callable[[], object]] = {
        "create a run": lambda: runs.create(replace(new_run(plan), reason=big), plan),
        "create a plan": lambda: runs.create(new_run(plan), replace(plan, inputs={"text": big})),
        "commit": lambda: runs.commit(replace(stored(runs, plan), reason=big)),
    }
    with pytest.raises(TooLarge, match=r"run1 outgrows its record: \d+ bytes"):
        writes[act]()
    if act == "commit":
        assert runs.run("run1") == new_run(plan)
    else:
        with pytest.raises(NotFound):
            runs.run("run1")


def test_the_clock_of_a_run_is_kept_to_the_millisecond(runs: Runs) -> None:
    plan = a_plan()
    run = replace(new_run(plan), redeliver_at=NOON + timedelta(milliseconds=1))
    runs.create(run, plan)
    assert runs.run("run1").redeliver_at == NOON + timedelta(milliseconds=1)


def test_several_runs_are_read_at_once(runs: Runs) -> None:
    plans = [a_plan(run=name) for name in ("run1", "run2")]
    known = [begun(plan).run for plan in plans]
    for run, plan in zip(known, plans, strict=True):
        runs.create(run, plan)
    found = runs.find_runs(["run2", "other", "run1"])
    assert sorted(found, key=lambda run: run.id) == known
    assert list(runs.find_runs(())) == []


def test_several_plans_are_read_at_once_each_once(runs: Runs) -> None:
    plans = [a_plan(run=name) for name in ("run1", "run2")]
    for plan in plans:
        runs.create(new_run(plan), plan)
    found = runs.find_plans(["run2", "other", "run1", "run2"])
    assert sorted(found, key=lambda plan: plan.id) == plans
    assert list(runs.find_plans(())) == []


def test_plans_that_this_process_does_not_know_are_read_by_one_call(tables: Tables) -> None:
    writer, reader = (StoredRuns(tables, Identifiers(name)) for name in ("one", "other"))
    plans = [a_plan(run=name) for name in ("run1", "run2", "run3")]
    for plan in plans:
        writer.create(new_run(plan), plan)
    reader.plan("run1")
    assert sorted(reader.find_plans(["run3", "run1", "run2"]), key=lambda plan: plan.id) == plans


def test_a_process_remembers_an_open_run_as_it_last_committed_it(tables: Tables) -> None:
    runs, rival = StoredRuns(tables, Identifiers("one"), remembered=2), StoredRuns(tables, Identifiers("other"))
    assert runs.create(new_run(a_plan()), a_plan())
    assert runs.last_committed("run1") == runs.run("run1")
    run = runs.commit(replace(runs.run("run1"), reason="moved"))
    assert runs.last_committed("run1") == run
    assert not runs.create(new_run(a_plan()), a_plan())
    assert runs.last_committed("run1") == run
    rival.commit(replace(run, reason="moved on"))
    assert runs.last_committed("run1") == run
    with pytest.raises(Stale):
        runs.commit(replace(run, reason="moved elsewhere"))
    assert runs.last_committed("run1") is None
    runs.commit(replace(runs.run("run1"), ended_at=NOON))
    assert runs.last_committed("run1") is None


def listed(runs: Runs, listing: Listing) -> list[str]:
    return [one.id for one in runs.summaries(listing)]


def test_summaries_of_open_and_of_ended_runs_stand_apart(runs: Runs) -> None:
    for number in range(1, 6):
        run = stored(runs, a_plan(run=f"run{number}"))
        if number % 2:
            runs.commit(ended(run))
    stored(runs, replace(a_plan(run="run9"), definition=replace(a_plan().definition, project="shop")))
    those_open = Listing(project="web", is_open=True, oldest_first=True)
    those_ended = Listing(project="web", is_open=False, chunk=2)

    assert listed(runs, those_ended) == ["run5", "run3", "run1"]
    assert listed(runs, replace(those_ended, after="run3")) == ["run1"]
    assert listed(runs, those_open) == ["run2", "run4"]
    assert listed(runs, replace(those_open, after="run2")) == ["run4"]


def test_open_runs_of_late_are_the_oldest_first(runs: Runs) -> None:
    for number in range(1, 4):
        run = stored(runs, a_plan(run=f"run{number}"))
        if number == 2:
            runs.commit(ended(run))

    assert [one.id for one in runs.recent_open("web")] == ["run1", "run3"]
    assert list(runs.recent_open("shop")) == []


def test_open_runs_are_remembered_for_seconds_and_own_changes_are_seen_at_once(tables: Tables) -> None:
    now = [NOON]
    remembered = Recent[tuple[RunSummary, ...]](lambda: now[0], kept=timedelta(seconds=5))
    here, elsewhere = StoredRuns(tables, Identifiers("one"), recent=remembered), StoredRuns(tables, Identifiers("two"))
    run = stored(elsewhere, a_plan())
    assert [one.id for one in here.recent_open("web")] == ["run1"]

    elsewhere.commit(ended(run))
    assert [one.id for one in here.recent_open("web")] == ["run1"]
    now[0] += timedelta(seconds=6)
    assert list(here.recent_open("web")) == []
    other = stored(elsewhere, a_plan(run="run2"))
    now[0] += timedelta(seconds=6)
    assert [one.id for one in here.recent_open("web")] == ["run2"]
    here.commit(ended(other))
    assert list(here.recent_open("web")) == []


def test_a_summary_is_that_of_the_run_as_it_was_committed(runs: Runs) -> None:
    plan = a_plan(a_chain(3))
    stored(runs, plan)
    saved = runs.commit(then(begun(plan), started(), finished(), now=later(5)).run)
    (summary,) = runs.summaries(Listing(project="web", is_open=True))

    assert summary == summary_of(plan, saved)
    assert (summary.counts.total, summary.counts.done) == (3, 1)
