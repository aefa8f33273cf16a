"""The contract of the lists of the ports of releases, which the store and its fake pass alike."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.kernel.releases.release import Namespace, Release, ReleaseKey
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.release import Dependency, Metadata, Provider
from tests.builders import NOON, an_entry
from tests.fakes.inventory import Inventory
from tests.store.releases.test_inventory import inventory as inventory
from tests.store.releases.test_inventory import key, registered


def names(found: Iterable[Namespace]) -> list[str]:
    return [one.name for one in found]


def test_namespaces_come_by_name_whole_and_in_pages_of_all_or_of_some_projects(inventory: Inventory) -> None:
    owners = {"aa": "web", "bb": "shop", "cc": "web", "dd": "far", "ee": "shop"}
    for name, project in owners.items():
        inventory.create_namespace(Namespace(name=name, project=project), an_entry())

    assert names(inventory.namespaces()) == list(owners)
    assert names(inventory.namespaces(Page(size=2))) == ["aa", "bb"]
    assert names(inventory.namespaces(Page(size=2, after="bb"))) == ["cc", "dd"]
    assert names(inventory.namespaces(projects={"web", "shop", "none"})) == ["aa", "bb", "cc", "ee"]
    assert names(inventory.namespaces(Page(size=2, after="aa"), {"web", "shop"})) == ["bb", "cc"]
    assert names(inventory.namespaces(projects=())) == []
    assert names(inventory.named(["ee", "none", "aa"])) == ["ee", "aa"]


def test_applications_and_tags_come_in_pages(inventory: Inventory) -> None:
    for name in ("aa", "bb", "cc"):
        registered(inventory, "1.0", name=name)
    app = ReleaseKey(namespace="web", application="aa", version="1.0")
    for tag in ("x", "y#", "é"):
        inventory.update_tag(app, tag, "ada", an_entry())

    assert [one.name for one in inventory.applications("web", Page(size=2))] == ["aa", "bb"]
    assert [one.name for one in inventory.applications("web", Page(size=2, after="bb"))] == ["cc"]
    assert list(inventory.tags("web", "aa", Page(size=2))) == ["x", "y#"]
    assert list(inventory.tags("web", "aa", Page(size=2, after="y#"))) == ["é"]
    assert list(inventory.tags("web", "aa", Page(size=2, after="é"))) == []


def test_what_needs_a_release_and_who_offers_an_interface_come_in_pages(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    for name in ("aa", "bb", "cc"):
        needs, offered = (Dependency(release_id="web/app-v1.0"),), (Provider(name="db"),)
        metadata = Metadata(name=name, version="1.0", depends=needs, provides=offered)
        release = Release(namespace="web", metadata=metadata, by="ada", at=NOON)
        inventory.register(release, inventory.application_head("web", name), "project", an_entry())

    first = inventory.downstream(key(), Page(size=2))
    rest = inventory.downstream(key(), Page(size=2, after=first[-1].name))
    offers = inventory.offers("db", Page(size=2))

    assert [edge.downstream.application for edge in (*first, *rest)] == ["aa", "bb", "cc"]
    assert [one.name for one in offers] == ["web/aa", "web/bb"]
    assert [one.name for one in inventory.offers("db", Page(size=2, after="web/bb"))] == ["web/cc"]


def test_public_namespaces_are_listed_while_they_are_public(inventory: Inventory) -> None:
    made = {name: Namespace(name=name, project="web", is_public=name != "bb") for name in ("cc", "aa", "bb", "dd")}
    for namespace in made.values():
        inventory.create_namespace(namespace, an_entry(f"add {namespace.name}"))
    inventory.update_namespace(replace(made["aa"], is_public=False), an_entry("hide aa"))
    inventory.update_namespace(replace(made["bb"], is_public=True), an_entry("show bb"))

    assert names(inventory.public_namespaces()) == ["bb", "cc", "dd"]
    assert names(inventory.public_namespaces(Page(size=1, after="bb"))) == ["cc"]
    inventory.mark_namespace_deleting("cc", an_entry("leave cc"))
    inventory.remove_namespace("cc")
    assert names(inventory.public_namespaces()) == ["bb", "dd"]
