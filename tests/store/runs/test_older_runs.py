"""Runs that were written before there was an index of summaries: brought into it bit by bit, once."""

from dataclasses import replace

import pytest
from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.store.dynamo.tables import Table, Tables
from chalicelib.store.runs import keys, older_runs
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.runs import SHARDS, Listing
from tests.builders import NOON, a_plan
from tests.fakes.world import Identifiers

RUNS = [f"run{number}" for number in range(1, 6)]


@pytest.fixture
def table(tables: Tables) -> Table:
    """Five runs as 0.1 wrote them."""
    store = StoredRuns(tables, Identifiers("old"))
    for run in RUNS:
        store.create(new_run(a_plan(run=run)), a_plan(run=run))
        tables.of(keys.RUNS).update(keys.run_key(run), (Path("listing").remove(), Path("summary").remove()))
    return tables.of(keys.RUNS)


def listed(store: StoredRuns) -> list[str]:
    store.enlist("web")
    return [one.id for one in store.summaries(Listing(project="web", is_open=True))]


def test_older_runs_come_newest_first_until_all_are_there(
    table: Table, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(older_runs, "MOST_AT_ONCE", 2)
    found = [listed(StoredRuns(tables, Identifiers("now"))) for _ in range(3)]

    assert [len(one) for one in found] == [2, 4, 5]
    assert found[0] == ["run5", "run4"]
    assert table.get(keys.listing_key("web")) is not None


@pytest.mark.usefixtures("table")
def test_what_was_saved_meanwhile_stays_as_it_is(tables: Tables) -> None:
    store = StoredRuns(tables, Identifiers("now"))
    saved = store.commit(store.run("run3"))

    assert listed(store) == sorted(RUNS, reverse=True)
    assert store.run("run3") == saved


def test_once_all_are_there_nothing_is_read_for_it(table: Table, tables: Tables) -> None:
    store = StoredRuns(tables, Identifiers("now"))
    listed(store)
    table.update(keys.run_key("run1"), (Path("listing").remove(),))

    assert "run1" not in listed(store)
    assert "run1" not in listed(StoredRuns(tables, Identifiers("another")))


def test_runs_that_ended_before_there_was_an_index_of_them_are_archived_too(tables: Tables) -> None:
    store = StoredRuns(tables, Identifiers("old"))
    for run in RUNS:
        begun = new_run(a_plan(run=run))
        store.create(begun, a_plan(run=run))
        store.commit(replace(begun, phase=Phase.SUCCEEDED, ended_at=NOON, redeliver_at=None, pending_effects=()))
        tables.of(keys.RUNS).update(keys.run_key(run), (Path("due_shard").remove(), Path("due_at").remove()))
    now = StoredRuns(tables, Identifiers("now"))
    assert ended(now) == []

    assert now.enlist("web") is True

    assert ended(now) == RUNS


def ended(store: StoredRuns) -> list[str]:
    return sorted(due.id for shard in range(SHARDS) for due in store.ended(shard, NOON, 10))
