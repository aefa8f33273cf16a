"""A release with more links than fit into one transaction is found from both ends, whole or not at all."""

import pytest

from chalicelib.kernel.faults import Conflict, Stale, TooLarge
from chalicelib.kernel.releases.links import edges_of
from chalicelib.kernel.releases.release import Release, ReleaseKey
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.releases import keys
from chalicelib.store.releases.early_links import early_items, registration
from chalicelib.use_cases.ports.releases import ApplicationHead
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.release import Dependency, Extension, Metadata, Provider
from tests.builders import NOON, an_entry
from tests.fakes.inventory import Inventory
from tests.store.releases.stored import stored_inventory
from tests.store.releases.test_inventory import inventory as inventory

WORDS = " ".join(f"word{number}" for number in range(300))
MANY = 1000


def an_umbrella(version: str = "1.0", count: int = MANY, *, name: str = "umbrella", **more: object) -> Release:
    depends = tuple(Dependency(release_id=f"web/e{number:03d}-v1.0") for number in range(count))
    metadata = Metadata(name=name, version=version, project="web", depends=depends, **more)  # type: ignore[arg-type] # any
    return Release(namespace="web", metadata=metadata, by="ada", at=NOON)


def register(inventory: Inventory, release: Release, entry: str = "") -> None:
    head = inventory.application_head("web", release.key.application)
    inventory.register(release, head, "project", an_entry(entry) if entry else an_entry())


def below(number: int) -> ReleaseKey:
    return ReleaseKey(namespace="web", application=f"e{number:03d}", version="1.0")


def dependents(inventory: Inventory, number: int, page: Page | None = None) -> list[str]:
    found = inventory.downstream(below(number), page)
    return [f"{edge.downstream.application}-{edge.downstream.version}" for edge in found]


@pytest.mark.parametrize("count", [1, 30, 35, 46, 48, 100, MANY])
def test_all_links_are_found_from_both_ends(inventory: Inventory, count: int) -> None:
    release = an_umbrella(count=count, description=WORDS, provides=(Provider(name="db"),))
    register(inventory, release, "once")
    register(inventory, release, "once")

    assert inventory.release(release.key) == release
    for number in {0, count // 2, count - 1}:
        assert dependents(inventory, number) == ["umbrella-1.0"]
        assert inventory.subscribers("web", f"e{number:03d}") == [("web", "umbrella")]
    assert dependents(inventory, count) == []
    assert [hit.application for hit in inventory.hits("word0", 10)] == ["umbrella"]
    assert [offer.name for offer in inventory.offers("db")] == ["web/umbrella"]


def test_extensions_and_scopes_are_kept(inventory: Inventory) -> None:
    extends = tuple(Extension(release_id=f"web/e{number:03d}-v1.0") for number in range(60))
    register(inventory, an_umbrella(count=60, extends=extends))
    found = [(edge.is_extension, edge.build) for edge in inventory.downstream(below(7))]
    assert sorted(found) == [(False, True), (True, True)]


def test_pages_of_dependents_count_what_is_seen(inventory: Inventory) -> None:
    for version in ("1.0", "1.0.1", "1.1", "2.0"):
        register(inventory, an_umbrella(version, 60))
    register(inventory, an_umbrella(count=1, name="small"))

    seen, after = list[str](), None
    while found := inventory.downstream(below(0), Page(size=2, after=after)):
        seen += [f"{edge.downstream.application}-{edge.downstream.version}" for edge in found]
        after = found[-1].name
    assert seen == ["small-1.0", "umbrella-1.0", "umbrella-1.0.1", "umbrella-1.1", "umbrella-2.0"]
    assert inventory.subscribers("web", "e000") == [("web", "small"), ("web", "umbrella")]


def test_the_second_of_two_registrations_leaves_nothing_to_be_seen(inventory: Inventory) -> None:
    register(inventory, an_umbrella(count=60))
    with pytest.raises(Conflict):
        register(inventory, an_umbrella(count=80))
    assert (dependents(inventory, 59), dependents(inventory, 70)) == (["umbrella-1.0"], [])


def test_a_registration_that_came_too_late_is_not_seen(inventory: Inventory) -> None:
    register(inventory, an_umbrella("0.1", 1))
    with pytest.raises(Stale):
        inventory.register(an_umbrella(count=60), ApplicationHead(project="project"), "project", an_entry())
    assert dependents(inventory, 59) == []
    assert inventory.subscribers("web", "e059") == []


def test_what_a_registration_left_behind_that_broke_off_is_not_seen(tables: Tables) -> None:
    inventory, table = stored_inventory(tables), tables.of(keys.INVENTORY)
    broken = an_umbrella(count=80)
    table.write_many(list(early_items(edges_of(broken), registration("broken"))))
    assert (dependents(inventory, 70), inventory.subscribers("web", "e070")) == ([], [])

    register(inventory, an_umbrella(count=60))
    assert (dependents(inventory, 59), dependents(inventory, 70)) == (["umbrella-1.0"], [])
    assert inventory.subscribers("web", "e070") == []

    table.write_many(list(early_items(edges_of(broken), registration("broken"))))
    assert dependents(inventory, 59) == ["umbrella-1.0"]


def test_many_links_die_with_their_namespace(inventory: Inventory) -> None:
    register(inventory, an_umbrella())
    inventory.mark_namespace_deleting("web", an_entry())
    inventory.remove_namespace("web")
    assert (dependents(inventory, 999), inventory.subscribers("web", "e999")) == ([], [])


def test_more_interfaces_than_fit_are_refused_with_their_number(tables: Tables) -> None:
    provides = tuple(Provider(name=f"i{number}") for number in range(81))
    with pytest.raises(TooLarge, match="80 interfaces"):
        register(stored_inventory(tables), an_umbrella(count=1, provides=provides))


def test_as_many_interfaces_as_are_taken_fit(tables: Tables) -> None:
    provides = tuple(Provider(name=f"i{number}") for number in range(80))
    register(stored_inventory(tables), an_umbrella(provides=provides, description=WORDS))
