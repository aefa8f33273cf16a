"""What the one process that writes remembers of the index by due time: it finds the same, by fewer calls."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.expressions.operand import Path

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.aws.http_pool import Unreached
from chalicelib.kernel.faults import Unavailable
from chalicelib.store.dynamo.due_memory import DueMemory, noting
from chalicelib.store.dynamo.key_parts import instant, milliseconds
from chalicelib.store.dynamo.tables import Put, Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.due_index import REMEMBERED, due_in
from chalicelib.use_cases.ports.runs import Due
from tests.builders import NOON

SHARD = "run#03"
START = milliseconds(NOON)


class Index:
    """A table with one shard, in which what is due stands by id. between: called while a query reads."""

    def __init__(self, due: DueMemory | None) -> None:
        self.due = due
        self.kept: dict[str, int] = {}
        self.queries = 0

    def every(self, _keys: object, _reading: Reading) -> Iterator[Mapping[str, Any]]:
        self.queries += 1
        found = sorted((at, name) for name, at in self.kept.items())
        return iter([{"pk": f"run#{name}", "sk": "run", "due_at": at} for at, name in found])

    def write(self, name: str, at: int) -> None:
        with noting(self.due, [{"due_shard": SHARD, "due_at": at}]):
            self.kept[name] = at

    def due_by(self, at: int) -> list[Due]:
        return list(due_in(self, SHARD, instant(at), 100))  # type: ignore[arg-type]  # what of a table is used


class Bounded(Index):
    """Likewise, and it reads no further than is asked, as a table does."""

    def every(self, keys: Any, reading: Reading) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - PynamoDB's
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        keys.serialize(names, values)
        last = max(int(value["N"]) for value in values.values() if "N" in value)
        return (item for item in super().every(keys, reading) if item["due_at"] <= last)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from("abc"), st.integers(0, 90_000)),
        st.tuples(st.just("remove"), st.sampled_from("abc"), st.just(0)),
        st.tuples(st.just("look"), st.just(""), st.integers(0, 40_000)),
    ),
    max_size=30,
)


@given(STEPS)
def test_whoever_remembers_finds_what_is_due_as_whoever_does_not(steps: list[tuple[str, str, int]]) -> None:
    index, now = Bounded(DueMemory()), START
    for what, name, value in steps:
        match what:
            case "write":
                index.write(name, now + value)
            case "remove":
                index.kept.pop(name, None)
            case _:
                now += value
                plain = Bounded(None)
                plain.kept = index.kept
                assert index.due_by(now) == plain.due_by(now)


def test_at_rest_a_shard_is_read_no_more_than_once_in_the_time() -> None:
    index = Bounded(DueMemory())
    for second in range(31):
        index.due_by(START + 1000 * second)
    assert index.queries == 2


def test_a_shard_is_read_again_when_its_next_is_due() -> None:
    index = Bounded(DueMemory())
    index.write("a", START + 5000)
    found = [len(index.due_by(START + at)) for at in (0, 4999, 5000, 5001)]
    assert found == [0, 0, 1, 1]
    assert index.queries == 3, "what is due and was told stays due"


def test_what_is_written_while_a_shard_is_read_is_not_forgotten() -> None:
    class Between(Bounded):
        def every(self, keys: Any, reading: Reading) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - PynamoDB's
            found = list(super().every(keys, reading))
            if self.queries == 1:
                self.write("late", START + 1000)
            return iter(found)

    between = Between(DueMemory())
    assert between.due_by(START) == []
    assert [due.id for due in between.due_by(START + 1000)] == ["late"]


def test_what_another_process_wrote_is_found_after_a_while() -> None:
    index = Bounded(DueMemory())
    index.due_by(START)
    index.kept["foreign"] = START + 1
    assert index.due_by(START + REMEMBERED - 1) == []
    assert [due.id for due in index.due_by(START + REMEMBERED)] == ["foreign"]


@pytest.fixture
def remembering(tables: Tables) -> Tables:
    return replace(tables, due=DueMemory())


def an_item(name: str) -> dict[str, Any]:
    return {**keys.run_key(name)._asdict(), "due_shard": keys.due_shard("run", name), "due_at": START}


def due_now(tables: Tables, name: str) -> list[str]:
    return [due.id for due in due_in(tables.of(keys.RUNS), keys.due_shard("run", name), NOON, 100)]


def test_each_way_of_writing_is_noted(remembering: Tables) -> None:
    table = remembering.of(keys.RUNS)

    def set_by_update(name: str) -> None:
        item = an_item(name)
        actions = [Path(mark).set(item[mark]) for mark in ("due_shard", "due_at")]
        table.update(keys.run_key(name), actions)

    ways = {
        "put": lambda name: table.put(an_item(name)),
        "many": lambda name: table.write_many([an_item(name)]),
        "transaction": lambda name: remembering.transact((Put(table, an_item(name)),), name),
        "update": set_by_update,
    }
    for name, write in ways.items():
        assert due_now(remembering, name) == []
        write(name)
        assert due_now(remembering, name) == [name]
        table.delete(keys.run_key(name))


def test_what_was_written_without_an_answer_is_noted(aws: Aws, remembering: Tables) -> None:
    def lost(ask: AwsRequest, send: Send) -> Answer:
        send(ask)
        raise Unreached("lost")

    unheard = replace(remembering, aws=Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=lost))
    assert due_now(remembering, "a") == []
    with pytest.raises(Unavailable):
        unheard.of(keys.RUNS).put(an_item("a"))
    unheard.aws.close()
    assert due_now(remembering, "a") == ["a"]


def test_while_nothing_is_written_no_call_is_made(aws: Aws, remembering: Tables) -> None:
    calls: Counter[str] = Counter()

    def counted(ask: AwsRequest, send: Send) -> Answer:
        calls[ask.operation] += 1
        return send(ask)

    tables = replace(remembering, aws=Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=counted))
    for second in range(10):
        assert list(due_in(tables.of(keys.RUNS), SHARD, NOON + timedelta(seconds=second), 100)) == []
    tables.aws.close()
    assert calls == {"Query": 1}
