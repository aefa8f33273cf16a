"""What every store leans on: items, conditions, pages, transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.expressions.operand import Path

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Refused, Send
from chalicelib.kernel.faults import Throttled
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item, size, unwired, wired
from chalicelib.store.dynamo.key_parts import joined
from chalicelib.store.dynamo.packing import packed_json, unpacked_json
from chalicelib.store.dynamo.tables import Change, Check, Put, Reading, Remove, Table, Tables
from tests.store.faulted import Faulted, over

NEW = Path("pk").does_not_exist()


@pytest.fixture
def table(tables: Tables) -> Table:
    return tables.of("projects")


def an_item(sk: str = "1", **more: object) -> dict[str, object]:
    return {"pk": "p", "sk": sk, **more}


def fill(table: Table, count: int) -> list[Item]:
    items = [an_item(f"{number:03d}", n=number, first="f", first_key=f"{999 - number}") for number in range(count)]
    table.write_many(items)
    return list(items)


SETS = st.frozensets(st.text(min_size=1, max_size=3), min_size=1, max_size=3)
VALUES = st.recursive(
    st.text(max_size=5) | st.booleans() | st.integers(-(2**60), 2**60) | st.binary(max_size=5) | st.none() | SETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=4))
def test_an_item_comes_back_from_the_wire_as_it_went(item: dict[str, object]) -> None:
    assert unwired(wired(item)) == {name: value for name, value in item.items() if value is not None}


def test_the_store_keeps_every_kind_of_value(table: Table) -> None:
    item = an_item(
        text="ü\U0001f680",
        number=-3,
        fraction=0.5,
        yes=True,
        raw=b"\x00\xff",
        deep={"a": [1, None, "b"]},
        names=frozenset("ab"),
    )
    table.put(item)
    assert table.get(Key("p", "1")) == item
    assert table.get(Key("p", "2")) is None


@given(
    st.lists(st.text("#%25a", max_size=4), min_size=1, max_size=3), st.lists(st.text("#%25a", max_size=4), min_size=1)
)
def test_joined_parts_are_told_from_all_others(one: list[str], other: list[str]) -> None:
    assert (joined(*one) == joined(*other)) == (one == other)


def test_sizes_are_those_of_the_guide() -> None:
    item = {"ab": "ü", "n": 12345, "raw": b"123", "yes": True, "none": None, "deep": {"a": ["b"]}}
    assert size(item) == (2 + 2) + (1 + 4) + (3 + 3) + (3 + 1) + (4 + (3 + 1 + 1 + (3 + 1 + 1)))


def test_packed_values_come_back() -> None:
    for value in ({"a": [1, "b", None]}, [], "x" * 5000, list(range(1000))):
        assert unpacked_json(packed_json(value)) == value
    assert len(packed_json("x" * 5000)) < 100


def test_a_failed_condition_shows_what_is_there(table: Table) -> None:
    table.put(an_item(n=1), NEW)
    writes: tuple[Callable[[], object], ...] = (
        partial(table.put, an_item(n=2), NEW),
        partial(table.update, Key("p", "1"), (Path("n").set(2),), Path("n") == 7),
        partial(table.delete, Key("p", "1"), Path("n") == 7),
    )
    for write in writes:
        with pytest.raises(ConditionFailed) as missed:
            write()
        assert missed.value.there == (an_item(n=1),)
    with pytest.raises(ConditionFailed) as missed:
        table.update(Key("p", "other"), (Path("n").set(2),), Path("n") == 7)
    assert missed.value.there == (None,)


def test_an_update_answers_the_whole_item_and_a_removal_what_was(table: Table) -> None:
    assert table.update(Key("p", "1"), (Path("n").add(2), Path("b").set(b"\x01"))) == an_item(n=2, b=b"\x01")
    assert table.update(Key("p", "1"), (Path("n").add(2), Path("b").remove())) == an_item(n=4)
    assert table.delete(Key("p", "1")) == an_item(n=4)
    assert table.delete(Key("p", "1")) is None


def test_a_query_goes_page_by_page_in_both_directions(table: Table) -> None:
    fill(table, 30)
    all_of_it = Path("pk") == "p"
    first = table.query(all_of_it, Reading(limit=12))
    assert [item["n"] for item in first.items] == list(range(12))
    second = table.query(all_of_it, Reading(limit=12, after=first.next))
    assert [item["n"] for item in second.items] == list(range(12, 24))
    assert [item["n"] for item in table.every(all_of_it, Reading(limit=7, backward=True))] == list(range(29, -1, -1))
    by_first = Reading(index="by_first", limit=4, attributes=("n",))
    assert list(table.every(Path("first") == "f", by_first))[:2] == [{"n": 29}, {"n": 28}]
    odd = Reading(only=Path("n").between(3, 5), consistent=True)
    assert [item["n"] for item in table.every(all_of_it & Path("sk").startswith("0"), odd)] == [3, 4, 5]


def test_many_are_read_in_the_order_asked_for_and_written_at_once(table: Table) -> None:
    items = fill(table, 130)
    keys = [Key("p", f"{number:03d}") for number in reversed(range(130))]
    assert table.get_many([*keys, Key("p", "none"), keys[0]]) == [*reversed(items), None, items[-1]]
    table.write_many(removed=keys)
    assert table.get_many(keys[:3]) == [None] * 3


def test_what_a_batch_left_undone_is_done_again(table: Table) -> None:
    left: list[Answer] = []

    def undone(ask: AwsRequest, send: Send) -> Answer:
        if ask.operation == "BatchWriteItem" and not left:
            left.append({"UnprocessedItems": dict(ask.arguments["RequestItems"])})
            return left[0]
        if ask.operation == "BatchGetItem" and len(left) == 1:
            left.append({"Responses": {}, "UnprocessedKeys": dict(ask.arguments["RequestItems"])})
            return left[1]
        return send(ask)

    aws = over(table.aws, Faulted())
    slow = Table(aws=Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=undone), name=table.name)
    slow.write_many([an_item()])
    assert slow.get_many([Key("p", "1")]) == [an_item()]
    slow.aws.close()


def test_a_batch_that_is_never_done_is_throttled(table: Table) -> None:
    def never(ask: AwsRequest, _send: Send) -> Answer:
        name = "UnprocessedItems" if ask.operation == "BatchWriteItem" else "UnprocessedKeys"
        return {name: ask.arguments["RequestItems"]}

    aws = over(table.aws, Faulted())
    stuck = Table(aws=Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=never), name=table.name)
    with pytest.raises(Throttled):
        stuck.write_many([an_item()])
    with pytest.raises(Throttled):
        stuck.get_many([Key("p", "1")])


def test_a_transaction_is_done_as_a_whole(tables: Tables, table: Table) -> None:
    other = tables.of("audit")
    table.put(an_item("old"))
    tables.transact(
        (
            Put(table, an_item("new"), NEW),
            Change(table, Key("p", "counter"), (Path("n").add(1),)),
            Remove(table, Key("p", "old"), Path("pk").exists()),
            Put(other, an_item()),
        ),
        "token 1",
    )
    keys = [Key("p", sk) for sk in ("new", "counter", "old")]
    assert table.get_many(keys) == [an_item("new"), an_item("counter", n=1), None]
    assert other.get(Key("p", "1")) == an_item()


def test_a_transaction_of_which_a_condition_fails_is_not_done(tables: Tables, table: Table) -> None:
    table.put(an_item("there", n=1))
    with pytest.raises(ConditionFailed) as missed:
        tables.transact(
            (
                Put(table, an_item("new")),
                Check(table, Key("p", "there"), Path("n") == 2),
                Put(table, an_item("absent"), Path("pk").exists()),
            ),
            "token 2",
        )
    assert missed.value.places == (1, 2)
    assert missed.value.there == (None, an_item("there", n=1), None)
    assert table.get(Key("p", "new")) is None


def test_a_transaction_sent_again_counts_once_and_other_writes_under_its_token_count(
    tables: Tables, table: Table
) -> None:
    for _ in range(2):
        tables.transact((Change(table, Key("p", "1"), (Path("n").add(1),)),), "token 3")
    tables.transact((Change(table, Key("p", "1"), (Path("n").add(5),)),), "token 3")
    assert table.get(Key("p", "1")) == an_item(n=6)


def test_a_crowd_of_transactions_loses_nothing(tables: Tables, table: Table) -> None:
    def move(number: int) -> None:
        change = Change(table, Key("p", "sum"), (Path("n").add(1),))
        tables.transact((change, Put(table, an_item(f"{number}"), NEW)), f"crowd {number}")

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(move, range(60)))
    assert table.get(Key("p", "sum")) == an_item("sum", n=60)


def test_a_scan_finds_what_meets_its_condition(table: Table) -> None:
    fill(table, 20)
    assert sorted(item["sk"] for item in table.scan(Path("n") > 16, ("sk",))) == ["017", "018", "019"]


def test_what_aws_refuses_for_another_reason_is_not_taken_for_a_condition(tables: Tables) -> None:
    with pytest.raises(Refused, match="ResourceNotFound"):
        tables.of("nowhere").put(an_item(), NEW)
    with pytest.raises(Refused):
        tables.transact((Put(tables.of("nowhere"), an_item()),), "token")
