"""A page that is found by its place is the page that sorting everything would give, whatever was written meanwhile."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import ge, gt, le, lt
from typing import Any

import pytest
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.tables import Reading, Table, Tables
from infra.local.emulator.pinned_query import bounds_in
from infra.local.emulator.sorted_index import Edge, SortedIndex, Span

ITEMS = 120
TURNS = 40
PARTITIONS = {
    None: ("pk", "sk", "p"),
    "by_project": ("project", "run", "web"),
    "by_due": ("due_shard", "due_at", "run#01"),
    "by_pool": ("pool", "waits_since", "default"),
}
Found = Mapping[str, Any]


def an_item(dice: random.Random, number: int) -> dict[str, Any]:
    """Some are in an index and some are not, and many share a place there."""
    item: dict[str, Any] = {"pk": "p", "sk": f"s{number:04d}", "version": dice.randrange(9)}
    if dice.random() < 0.8:
        item |= {"project": "web", "run": f"r{dice.randrange(40):02d}"}
    if dice.random() < 0.8:
        item |= {"due_shard": "run#01", "due_at": dice.randrange(-40, 1000)}
    if dice.random() < 0.8:
        item |= {"pool": dice.choice(("default", "other")), "waits_since": f"w{dice.randrange(40):02d}"}
    return item


def sorted_by(index: str | None, items: Sequence[Found]) -> list[Found]:
    """All of a partition in order, as DynamoDB has it."""
    hash_name, range_name, partition = PARTITIONS[index]
    held = [item for item in items if item.get(hash_name) == partition and item.get(range_name) is not None]
    return sorted(held, key=lambda item: (item[range_name], item["pk"], item["sk"]))


def a_bound(dice: random.Random, name: str, values: Sequence[Any]) -> tuple[Condition | None, Any]:
    """A condition on the range key, and what it says in Python."""
    low, high = sorted((dice.choice(values), dice.choice(values)))
    path = Path(name)
    offers: list[tuple[Condition | None, Any]] = [
        (None, lambda _: True),
        (path < low, lambda one: lt(one, low)),
        (path <= low, lambda one: le(one, low)),
        (path > low, lambda one: gt(one, low)),
        (path >= low, lambda one: ge(one, low)),
        (path == low, lambda one: bool(one == low)),
        (path.between(low, high), lambda one: low <= one <= high),
    ]
    if isinstance(low, str):
        offers.append((path.startswith(low[:2]), lambda one: str(one).startswith(low[:2])))
    return dice.choice(offers)


@pytest.mark.parametrize("seed", range(3))
def test_a_page_is_what_sorting_everything_would_give(tables: Tables, seed: int) -> None:
    dice, table = random.Random(seed), tables.of("runs")  # noqa: S311 - a test that can be repeated guards nothing
    items = {f"s{number:04d}": an_item(dice, number) for number in range(ITEMS)}
    table.write_many(list(items.values()))
    for _ in range(TURNS):
        change(dice, table, items)
        index = dice.choice(list(PARTITIONS))
        hash_name, range_name, partition = PARTITIONS[index]
        everything = sorted_by(index, list(items.values()))
        bound, holds = a_bound(dice, range_name, [item[range_name] for item in everything])
        keys = Path(hash_name) == partition
        backward, limit = dice.random() < 0.5, dice.choice((7, 20, 50, 200))
        reading = Reading(index=index, limit=limit, backward=backward, consistent=index is None)
        # However long a page is, what comes after it is the next.
        got = [item["sk"] for item in table.every(keys if bound is None else keys & bound, reading)]
        wanted = [item["sk"] for item in everything if holds(item[range_name])]
        wanted = wanted[::-1] if backward else wanted
        assert got == wanted
        first = table.query(keys if bound is None else keys & bound, replace(reading, limit=1)).items
        assert [item["sk"] for item in first] == wanted[:1]


def change(dice: random.Random, table: Table, items: dict[str, dict[str, Any]]) -> None:
    """Something is written, changed, moved or removed."""
    number = dice.randrange(ITEMS + 20)
    name, key = f"s{number:04d}", Key("p", f"s{number:04d}")
    match dice.randrange(3):
        case 0:
            table.delete(key)
            items.pop(name, None)
        case 1:
            items[name] = an_item(dice, number)
            table.put(items[name])
        case _ if name in items:
            at = dice.randrange(1000)
            items[name] |= {"due_shard": "run#01", "due_at": at}
            table.update(key, (Path("due_shard").set("run#01"), Path("due_at").set(at)))
        case _:
            pass


def test_an_order_keeps_places_that_share_a_sort_value_apart() -> None:
    order = SortedIndex([("b", "2"), ("a", "1"), ("b", "1")])
    order.remove(("b", "9"))
    order.add(("b", "3"))
    assert order.within(Span(least=Edge("b"), most=Edge("b"), after=("b", "1"), limit=5)) == [("b", "2"), ("b", "3")]
    assert order.within(Span(after=("b", "2"), backward=True, limit=1)) == [("b", "1")]
    assert order.within(Span(least=Edge("a", included=False), limit=1)) == [("b", "1")]
    assert len(order) == 4


@pytest.mark.parametrize(
    ("condition", "bounds"),
    [
        ("#0 = :0", (None, None)),
        ("(#0 = :0 AND #1 < :1)", (None, Edge({"S": "m"}, included=False))),
        ("(#0 = :0 AND #1 >= :1)", (Edge({"S": "m"}), None)),
        ("(#0 = :0 AND begins_with (#1, :1))", (Edge({"S": "m"}), Edge({"S": "m\U0010ffff"}))),
        ("(#0 = :0 AND #1 BETWEEN :1 AND :2)", (Edge({"S": "m"}), Edge({"S": "z"}))),
        # Not the same name, and not understood.
        ("#0 = :0 AND #10 < :1", (None, None)),
        (":1 > #1 AND #0 = :0", None),
    ],
)
def test_a_condition_gives_bounds_or_is_left_to_the_stand_in(condition: str, bounds: object) -> None:
    values = {":0": {"S": "p"}, ":1": {"S": "m"}, ":2": {"S": "z"}}
    assert bounds_in(condition, values, [r"(?<![\w#:])\#1"]) == bounds
