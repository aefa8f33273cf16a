"""What an operation on the inventory may cost of AWS: as many calls, however many releases there are."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Interceptor, Send
from chalicelib.store.dynamo.remembered import WhileSame, WhileUnchanged
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.releases.namespaces import StoredNamespaces
from chalicelib.store.releases.releases import StoredReleases
from infra import resources
from tests.bench.inventory import Row, measured
from tests.bench.inventory_asks import OPERATIONS, Place, place_of_namespace, place_of_unit
from tests.bench.inventory_fill import fill_namespace, fill_unit
from tests.builders import an_entry
from tests.conftest import aws_at

pytestmark = pytest.mark.cloud

PREFIX = "inventory-budgets-"
# The larger has its versions listed on three pages.
SIZES = (60, 700)
MOST_CALLS = {
    "register": 3,
    "get": 2,
    "latest": 3,
    "highest of a prefix": 3,
    "next-version": 1,
    "next-version of another prefix": 2,
    "previous": 4,
    "diff": 5,
    "a page of versions": 2,
}
Rows = Mapping[str, Row]


@pytest.fixture(scope="module", params=[place_of_unit, place_of_namespace], ids=["unit", "namespace"])
def rows(aws: Aws, request: pytest.FixtureRequest) -> Rows:
    """Every operation at both sizes."""
    places: Callable[[int], Place] = request.param
    prefix = f"{PREFIX}{places.__name__.rpartition('_')[2]}-"
    resources.create_tables(aws, prefix)
    for size in SIZES:
        place, tables = places(size), Tables(aws=aws, prefix=prefix)
        if places is place_of_unit:
            fill_unit(tables, place.namespace, place.unit, size)
        else:
            fill_namespace(tables, place.namespace, size)
    return {row.operation: row for row in measured(aws, prefix, [places(size) for size in SIZES], times=1)}


def test_every_operation_is_told_what_it_may_use() -> None:
    assert MOST_CALLS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_asks_no_more_of_many_releases_than_of_few(rows: Rows, name: str) -> None:
    few, many = rows[name].calls

    assert few.asked == many.asked
    # A longer version is a longer item.
    assert many.reads <= few.reads + 1
    assert sum(many.asked.values()) <= MOST_CALLS[name]


@pytest.mark.parametrize(
    "name", ["get", "latest", "highest of a prefix", "next-version", "next-version of another prefix", "previous"]
)
def test_one_release_is_found_by_reading_no_other(rows: Rows, name: str) -> None:
    for calls in rows[name].calls:
        # A batch of two reads two; any other call reads one item of a KB.
        assert calls.reads == sum(count * (2 if ask == "BatchGetItem" else 1) for ask, count in calls.asked.items())


@pytest.mark.parametrize(
    ("most", "calls"), [(0, ["Query", "Query"]), (SIZES[1], ["GetItem", "Query", "GetItem"])], ids=["aws", "alone"]
)
def test_all_versions_of_a_unit_are_asked_for_once(
    aws: Aws, cloud: str, prefix: str, most: int, calls: Sequence[str]
) -> None:
    resources.create_tables(aws, prefix)
    place, asked = place_of_unit(SIZES[1]), list[str]()
    fill_unit(Tables(aws=aws, prefix=prefix), place.namespace, place.unit, SIZES[1])

    with closing(aws_at(cloud, _noting(asked))) as noted:
        tables = Tables(aws=noted, prefix=prefix)
        releases = StoredReleases(tables=tables, feed=FeedWriter(tables=tables), lists=WhileSame(most))
        first, second = (releases.versions(place.namespace, place.unit) for _ in range(2))
    assert (len(first), first) == (SIZES[1], second)
    assert asked == calls


def test_on_one_machine_whose_a_namespace_is_is_asked_for_once(aws: Aws, cloud: str, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    place, asked = place_of_unit(1), list[str]()
    fill_unit(Tables(aws=aws, prefix=prefix), place.namespace, place.unit, 1)

    with closing(aws_at(cloud, _noting(asked))) as noted:
        namespaces = StoredNamespaces(tables=Tables(aws=noted, prefix=prefix), owners=WhileUnchanged(9))
        owners = {namespaces.project_of(place.namespace, unit) for unit in (place.unit, "other", "")}
        assert (len(owners), asked) == (1, ["GetItem"])
        namespaces.mark_namespace_deleting(place.namespace, an_entry())
        asked.clear()
        assert {namespaces.project_of(place.namespace) for _ in range(2)} == owners
    assert asked == ["GetItem"]


def _noting(asked: list[str]) -> Interceptor:
    """Note the name of every call."""

    def noting(request: AwsRequest, send: Send) -> Answer:
        asked.append(request.operation)
        return send(request)

    return noting
