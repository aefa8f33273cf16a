"""What waits for people is read by the same few calls, however many runs of however many releases a page holds."""

from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.tables import Tables
from tests.bench.counted import CountedHouse
from tests.bench.meter import Meter
from tests.bench.waiting import waiting_runs
from tests.budgets.test_lists import LateWorld

RUNS = 41
MOST_CALLS = 13
INBOX = "/api/v1/approvals?mine=true"


def calls_of(house: CountedHouse, path: str, expected: int) -> dict[str, int]:
    """What a page asks of AWS in a process that has read none of its plans."""
    house.meter, house.is_counting = Meter(house.prefix), True
    items = house.door.ask("GET", path)["items"]
    house.is_counting = False
    assert len({one["changes"]["digest"] for one in items}) == expected
    assert all(one["releases"] for one in items)
    return dict(house.meter.requests)


def test_a_page_of_what_waits_costs_the_same_calls_for_two_runs_as_for_twenty(aws: Aws, prefix: str) -> None:
    house = CountedHouse(aws=aws, prefix=prefix, world=LateWorld())
    try:
        waiting_runs(house.door, Tables(aws=aws, prefix=prefix), RUNS)
        after = house.door.ask("GET", f"{INBOX}&page_size=1")["next"]
        few = calls_of(house, f"{INBOX}&page_size=2&page_from={after}", 2)
        many = calls_of(
            house, INBOX + "&page_size=20&page_from=" + house.door.ask("GET", f"{INBOX}&page_size=3")["next"], 20
        )
    finally:
        house.close()
    assert few == many
    assert sum(many.values()) <= MOST_CALLS
