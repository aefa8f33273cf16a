"""What runners cost of AWS, counted call by call on the real store: of a runner with eight leases."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aws.calls import Aws
from tests.bench import pipelines
from tests.bench.counted import CountedHouse
from tests.bench.meter import Meter
from tests.bench.pipelines import PROJECT, SHELL

LEASES = 8


@pytest.fixture(scope="module")
def house(aws: Aws) -> Iterator[CountedHouse]:
    made = CountedHouse(aws=aws, prefix="runners-")
    made.door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.blocks("shells", SHELL, 1, LEASES))
    yield made
    made.close()


@pytest.fixture
def leases(house: CountedHouse) -> list[dict[str, Any]]:
    house.door.ask("POST", f"{pipelines.path_of('shells')}/trigger", {})
    body = {"runner": "r1", "slots": LEASES, "nonce": f"nonce-of-sixteen-{house.world.secret()}"}
    leased = house.door.ask("POST", "/api/v1/jobs/lease", body)["leases"]
    return [{"job": one["job"]["id"], "token": one["token"], "number": one["number"]} for one in leased]


def counted(house: CountedHouse, path: str, body: dict[str, Any]) -> Meter:
    """What one call costs."""
    house.meter, house.is_counting = Meter(house.prefix), True
    try:
        house.door.ask("POST", path, body)
    finally:
        house.is_counting = False
    return house.meter


def beat(house: CountedHouse, leases: list[dict[str, Any]]) -> Meter:
    """What a heartbeat costs."""
    return counted(house, "/api/v1/jobs/heartbeats", {"busy": LEASES, "leases": leases})


def test_a_heartbeat_of_eight_leases_reads_them_by_one_call_and_writes_every_second_time(
    house: CountedHouse, leases: list[dict[str, Any]]
) -> None:
    costs = []
    for _ in range(4):
        house.world.move(timedelta(seconds=5))
        meter = beat(house, leases)
        assert meter.of("dynamodb", "BatchGetItem") == 1
        assert meter.of("dynamodb", "GetItem") <= 1, "who calls"
        costs.append(meter.of("dynamodb", "PutItem"))
    assert costs == [0, LEASES, 0, LEASES]


def test_a_piece_of_eight_logs_is_one_call_with_a_write_unit_for_each(
    house: CountedHouse, leases: list[dict[str, Any]]
) -> None:
    def append(after: int) -> Meter:
        chunks = [{"text": f"line {number}\n"} for number in range(20)]
        appends = [{**one, "from": after, "chunks": chunks} for one in leases]
        return counted(house, "/api/v1/jobs/logs", {"appends": appends})

    append(0)
    meter = append(20)
    assert meter.requests == {
        "dynamodb BatchGetItem": 1,
        # Of each log who watches it.
        "dynamodb Query": LEASES,
        "dynamodb PutItem": LEASES,
    }
    assert (meter.writes, meter.reads) == (LEASES, 2 * LEASES)
