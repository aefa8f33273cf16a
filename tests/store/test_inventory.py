"""The contract of the port Inventory, which the store and its fake pass alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.release import Metadata, Namespace, Package, Release, ReleaseKey, Upload
from chalicelib.store.inventory import StoredInventory
from chalicelib.store.tables import Tables
from chalicelib.use_cases.ports_inventory import Inventory
from tests.builders import NOON, later
from tests.fakes.inventory import FakeInventory

PACKAGE = Package(object="web/app/1.0/x", size=3, sha256="abc", at=NOON)


@pytest.fixture(params=["fake", "store"])
def inventory(request: pytest.FixtureRequest) -> Inventory:
    """An empty inventory."""
    if request.param == "fake":
        return FakeInventory()
    return StoredInventory(tables=request.getfixturevalue("tables"))


def a_release(version: str = "1.0", *, name: str = "app", registration: str = "", description: str = "") -> Release:
    metadata = Metadata(name=name, version=version, description=description)
    return Release(namespace="web", metadata=metadata, by="ada", at=NOON, registration=registration)


def registered(inventory: Inventory, *versions: str, name: str = "app") -> None:
    for version in versions:
        inventory.register(a_release(version, name=name), inventory.standing("web", name), "project")


def key(version: str = "1.0") -> ReleaseKey:
    return ReleaseKey(namespace="web", application="app", version=version)


def test_the_first_release_makes_namespace_and_application(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    assert inventory.project_of("web") == "project"
    assert [one.name for one in inventory.namespaces()] == ["web"]
    assert [one.latest for one in inventory.applications("web")] == ["1.0"]
    assert inventory.release(key()) == a_release()


def test_latest_is_the_highest_and_the_rest_of_whom_came_last(inventory: Inventory) -> None:
    inventory.register(a_release("10.0", description="ten"), inventory.standing("web", "app"), "p")
    inventory.register(a_release("9.0", description="nine"), inventory.standing("web", "app"), "p")
    application = inventory.application("web", "app")
    assert (application.latest, application.description) == ("10.0", "nine")


def test_a_version_is_registered_once(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    with pytest.raises(Conflict):
        registered(inventory, "1.0")
    assert list(inventory.versions("web", "app")) == ["1.0"]


def test_the_same_registration_again_is_no_fault(inventory: Inventory) -> None:
    release, standing = a_release(registration="r1"), inventory.standing("web", "app")
    inventory.register(release, standing, "p")
    inventory.register(release, standing, "p")
    assert inventory.standing("web", "app").count == 1


def test_a_standing_that_is_no_longer_true_registers_nothing(inventory: Inventory) -> None:
    old = inventory.standing("web", "app")
    registered(inventory, "1.0")
    with pytest.raises(Stale):
        inventory.register(a_release("2.0"), old, "p")
    assert list(inventory.versions("web", "app")) == ["1.0"]


def test_versions_come_highest_first_however_many(inventory: Inventory) -> None:
    registered(inventory, *(f"1.{number}" for number in range(300)))
    assert inventory.versions("web", "app")[:3] == ["1.299", "1.298", "1.297"]
    assert len(inventory.versions("web", "app")) == 300
    assert inventory.page_of_versions("web", "app", 2, "1.100") == ["1.99", "1.98"]
    assert inventory.page_of_versions("web", "app", 2, None) == ["1.299", "1.298"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("latest", "2.0"),
        ("@", "2.0"),
        ("v1.0.@", "1.0.10"),
        ("1.@", "1.1"),
        ("v1.0.9", "1.0.9"),
        ("3.0", None),
        ("stable", "1.1"),
        ("unknown", None),
    ],
)
def test_queries_find_versions(inventory: Inventory, query: str, found: str | None) -> None:
    registered(inventory, "1.0.9", "1.0.10", "1.1", "2.0")
    inventory.put_tag(key("1.1"), "stable", "ada")
    assert inventory.resolve("web", "app", query) == found


def test_previous_need_not_follow_one_that_exists(inventory: Inventory) -> None:
    registered(inventory, "0", "0.0", "0.1", "0.1.2")
    below = {one: inventory.previous(key(one)) for one in ("12.10.11", "0.2", "0.1", "0.0", "0")}
    assert below == {"12.10.11": "0.1.2", "0.2": "0.1.2", "0.1": "0.0", "0.0": "0", "0": None}


def test_a_prefix_does_not_mean_spellings_with_leading_zeros(inventory: Inventory) -> None:
    registered(inventory, "1.0.3", "01.0.7")
    assert inventory.highest("web", "app", "1.0.") == "1.0.3"


def test_a_tag_moves_and_needs_a_release(inventory: Inventory) -> None:
    registered(inventory, "1.0", "2.0")
    inventory.put_tag(key("1.0"), "stable", "ada")
    inventory.put_tag(key("2.0"), "stable", "ada")
    assert inventory.tags("web", "app") == {"stable": "2.0"}
    with pytest.raises(NotFound):
        inventory.put_tag(key("9.0"), "stable", "ada")


def test_a_package_is_attached_once(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    inventory.attach(key(), PACKAGE)
    inventory.attach(key(), PACKAGE)
    assert inventory.release(key()).package == PACKAGE
    other = Package(object="y", size=3, sha256="abc", at=later(1))
    with pytest.raises(Conflict):
        inventory.attach(key(), other)
    with pytest.raises(NotFound):
        inventory.attach(key("9.0"), PACKAGE)


def test_uploads_and_downloads_are_remembered(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    upload = Upload(id="u1", release=key(), object="o", size=3, sha256="abc", at=NOON)
    inventory.keep_upload(upload)
    assert inventory.upload(key(), "u1") == upload
    with pytest.raises(NotFound):
        inventory.upload(key(), "u2")
    inventory.count_download(key())
    inventory.count_download(key())
    assert inventory.downloads(key()) == 2


def test_namespaces_are_added_once_and_keep_their_project(inventory: Inventory) -> None:
    inventory.add_namespace(Namespace(name="web", project="p"))
    with pytest.raises(Conflict):
        inventory.add_namespace(Namespace(name="web", project="other"))
    inventory.change_namespace(Namespace(name="web", project="other", description="new"))
    assert inventory.namespace("web") == Namespace(name="web", project="p", description="new")
    with pytest.raises(NotFound):
        inventory.change_namespace(Namespace(name="none", project="p"))


def test_one_of_32_registrations_of_a_version_wins(tables: Tables) -> None:
    inventory = StoredInventory(tables=tables)

    def attempt(number: int) -> bool:
        standing = inventory.standing("web", "app")
        try:
            inventory.register(a_release(registration=f"r{number}"), standing, "p")
        except (Conflict, Stale):
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(attempt, range(32)))
    assert sum(won) == 1
    assert inventory.standing("web", "app").count == 1
