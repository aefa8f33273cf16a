"""What a step may cost of AWS: the counted budgets of docs/architecture.md, held to by the real store."""

from collections.abc import Iterator

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest
from tests.bench.budgets import BUDGETS, Key
from tests.bench.counted import CountedHouse, Usage, chain_usage, timer_usage
from tests.bench.meter import Meter


@pytest.fixture(scope="module")
def house(aws: Aws) -> Iterator[CountedHouse]:
    made = CountedHouse(aws=aws, prefix="budgets-")
    yield made
    made.close()


@pytest.fixture(scope="module")
def chain(house: CountedHouse) -> Usage:
    return chain_usage(house)


def test_a_step_that_needs_no_machine_writes_no_more_than_its_budget(chain: Usage) -> None:
    assert chain.writes <= BUDGETS[Key.WRITES].limit, chain.meter.written


def test_a_step_that_needs_no_machine_reads_no_more_than_its_budget(chain: Usage) -> None:
    assert chain.reads <= BUDGETS[Key.READS].limit, chain.meter.requests


def test_a_chain_of_steps_asks_the_queues_no_more_than_once_a_step(chain: Usage) -> None:
    assert chain.requests <= BUDGETS[Key.CHAIN_REQUESTS].limit, chain.meter.requests


def test_a_million_steps_cost_less_than_their_budget(chain: Usage) -> None:
    assert chain.price <= BUDGETS[Key.PRICE].limit, (chain.meter.requests, chain.milliseconds)


def test_a_step_from_a_timer_asks_the_queues_three_times_at_most(house: CountedHouse) -> None:
    usage = timer_usage(house)
    assert usage.requests <= BUDGETS[Key.TIMER_REQUESTS].limit, usage.meter.requests


def a_put(size: int, **more: str) -> AwsRequest:
    item = {"pk": {"S": "p"}, "sk": {"S": "run"}, "state": {"S": "x" * size}, **{k: {"S": v} for k, v in more.items()}}
    return AwsRequest(service="dynamodb", operation="PutItem", arguments={"TableName": "t-runs", "Item": item})


class Shelf:
    """Remembers the last item that was put."""

    def __init__(self) -> None:
        self.item: Answer = {}

    def send(self, ask: AwsRequest) -> Answer:
        if ask.operation == "GetItem":
            return dict(self.item)
        self.item = {"Item": ask.arguments["Item"]}
        return {}


@pytest.mark.parametrize(
    ("puts", "units"),
    [
        ([a_put(100)], 1),
        ([a_put(2000)], 2),
        # Of the larger of what was there and what comes.
        ([a_put(3000), a_put(100)], 3 + 3),
        # An entry comes, stays, moves and goes.
        ([a_put(100, nonce="a")], 1 + 1),
        ([a_put(100, nonce="a"), a_put(200, nonce="a")], 2 + 1),
        ([a_put(100, nonce="a"), a_put(100, nonce="b")], 2 + 3),
        ([a_put(100, nonce="a"), a_put(100)], 2 + 2),
        # An index that holds whole items follows every change of them.
        ([a_put(2000, pool="a", waits_since="1"), a_put(2000, pool="a", waits_since="1", nonce="n")], 4 + 5),
    ],
)
def test_the_meter_counts_items_and_the_indexes_they_touch(puts: list[AwsRequest], units: int) -> None:
    meter, shelf = Meter("t-"), Shelf()
    for put in puts:
        meter.interceptor(put, shelf.send)
    assert meter.writes == units


def test_the_meter_counts_a_transaction_twice() -> None:
    meter, shelf = Meter("t-"), Shelf()
    put = {"Put": dict(a_put(100).arguments)}

    def send(ask: AwsRequest) -> Answer:
        return shelf.send(ask) if ask.operation == "GetItem" else {}

    meter.interceptor(
        AwsRequest(service="dynamodb", operation="TransactWriteItems", arguments={"TransactItems": [put]}), send
    )
    assert meter.writes == 2


def test_the_meter_counts_reads_by_four_kilobytes_and_half_when_they_may_lag() -> None:
    meter = Meter("t-")
    answers: dict[str, Answer] = {
        "GetItem": {"Item": {"pk": {"S": "x" * 5000}}},
        "Query": {"Items": [{"pk": {"S": "x" * 3000}}] * 3},
    }
    for operation, consistent in (("GetItem", True), ("GetItem", False), ("Query", False)):
        asked = {"TableName": "t-runs", "ConsistentRead": consistent}
        meter.interceptor(
            AwsRequest(service="dynamodb", operation=operation, arguments=asked), lambda ask: answers[ask.operation]
        )
    assert meter.reads == 2 + 1 + 1.5
