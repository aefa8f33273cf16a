"""What a shell step of a chain costs of DynamoDB and the queues on one machine, counted call by call."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.use_cases.ports.runs import SHARDS
from chalicelib.use_cases.runs.sweep import sweep_all
from tests.bench import pipelines
from tests.bench.counted import CountedHouse
from tests.bench.meter import Meter
from tests.bench.pipelines import PROJECT, SHELL

STEPS = 20
SWEEP = 2 * SHARDS + 1
"""Queries of a sweep, whether runs go on or not."""


@pytest.fixture(scope="module")
def house(aws: Aws) -> Iterator[CountedHouse]:
    made = CountedHouse(aws=aws, prefix="shells-", is_alone=True)
    made.door.ask("POST", f"/api/v1/pipelines/by-project/{PROJECT}/add", pipelines.chain("shells", SHELL, STEPS))
    yield made
    made.close()


def calls_a_step(house: CountedHouse, *, promises: bool) -> float:
    """Of a run from its trigger until all checks of its leases are over. promises: as runners do since begins_next."""
    told = house.door.ask("POST", f"{pipelines.path_of('shells')}/trigger", {})
    house.meter, house.is_counting = Meter(house.prefix), True
    wanted = {"runner": "r1", "slots": 1, "says_began": True, "capacity": 8, "busy": 1}
    nonces = (f"nonce-{house.world.secret()}-{number}" for number in range(3 * STEPS))
    leases = house.door.ask("POST", "/api/v1/jobs/lease", {**wanted, "nonce": next(nonces)})["leases"]
    while leases:
        (lease,) = leases
        job, own = f"/api/v1/jobs/{lease['job']['id']}", {"token": lease["token"], "number": lease["number"]}
        if not lease["began"]:
            house.door.ask("POST", f"{job}/heartbeat", {**own, "began": True})
        end = {**own, "nonce": next(nonces), "outcome": "succeeded", "lease_next": {**wanted, "nonce": next(nonces)}}
        if promises:
            end |= {"begins_next": True, "silent": True}
        leases = house.door.ask("POST", f"{job}/finish", end)["leases"]
    house.world.move(timedelta(seconds=30))
    sweep_all(house.function, timedelta(0))
    house.deliver()
    house.is_counting = False
    assert house.door.ask("GET", f"/api/v1/runs/{told['id']}")["phase"] == "succeeded"
    assert all(job.sealed for job in house.function.jobs.of_run(told["id"]))
    return (house.meter.requests.total() - SWEEP) / STEPS


def test_a_promise_and_an_empty_log_spare_most_of_the_calls(house: CountedHouse) -> None:
    calls_a_step(house, promises=True)

    before, after = calls_a_step(house, promises=False), calls_a_step(house, promises=True)

    assert after <= 4
    assert before - after >= 8
