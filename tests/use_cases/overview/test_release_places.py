"""Where releases are: versions with when, by whom, yanked, and where they are deployed."""

from dataclasses import replace

import pytest

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.overview.release_places import ReleasePlaces, get_release_places
from tests.use_cases.catalog_ports import READER, ROOT, CatalogHouse
from tests.use_cases.overview.test_find_runs import STRANGER
from tests.use_cases.overview.test_matrix import deployed

QUERY = ReleasePlaces(by=ROOT, namespace="demo", application="app")


@pytest.fixture
def house() -> CatalogHouse:
    """One release is in two environments, another one in one, under another name."""
    made = CatalogHouse()
    deployed(made, "staging", "1.1")
    deployed(made, "production", "1.0")
    deployed(made, "production", "1.1", name="second")
    return made


def told(house: CatalogHouse, query: ReleasePlaces = QUERY) -> dict[str, list[str]]:
    found = get_release_places(house.ports, query).releases
    return {
        one.release.metadata.version: [f"{place.cell.environment}/{place.cell.deployment}" for place in one.places]
        for one in found
    }


def test_each_version_is_told_with_where_it_is(house: CatalogHouse) -> None:
    assert told(house) == {"2.0": [], "1.1": ["production/second", "staging/app"], "1.0": ["production/app"]}
    assert told(house, replace(QUERY, version="1.0")) == {"1.0": ["production/app"]}


def test_versions_come_page_by_page(house: CatalogHouse) -> None:
    first = get_release_places(house.ports, replace(QUERY, size=2))
    assert first.after == "1.1"
    assert list(told(house, replace(QUERY, size=2, below=first.after))) == ["1.0"]


def test_places_in_projects_that_one_may_not_read_are_not_told(house: CatalogHouse) -> None:
    assert told(house, replace(QUERY, by=READER))["1.0"] == ["production/app"]
    assert told(house, replace(QUERY, by=STRANGER)) == {"2.0": [], "1.1": [], "1.0": []}


def test_another_application_of_the_same_version_is_not_meant(house: CatalogHouse) -> None:
    house.inventory.known["demo/other"] = ["1.0"]
    assert told(house, replace(QUERY, application="other")) == {"1.0": []}


def test_what_is_not_there_is_not_found(house: CatalogHouse) -> None:
    with pytest.raises(NotFound, match="no releases of demo/nothing"):
        told(house, replace(QUERY, application="nothing"))
