"""The contract of the ports of releases, which the store and its fake pass alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.releases.delivery import UploadNotice, pending_notice
from chalicelib.kernel.releases.release import Application, Namespace, Package, Release, ReleaseKey, Upload, Yanked
from chalicelib.store.dynamo.schema import EXPIRY
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.releases import keys as keys_inventory
from chalicelib.store.releases.items import application_item, namespace_item
from chalicelib.use_cases.ports.releases import ApplicationHead
from slipway_formats.release import Dependency, Extension, Metadata, Provider
from slipway_formats.version import sort_key
from tests.builders import NOON, an_entry, later
from tests.fakes.inventory import FakeInventory, Inventory
from tests.store.releases.stored import stored_inventory

PACKAGE = Package(object="web/app/1.0/x", size=3, sha256="abc", at=NOON)
NOTICED = ReleaseKey(namespace="web", application="app", version="1.0")
NOTICE = pending_notice(PACKAGE.object, UploadNotice(release=NOTICED, project="project", by="ada"), NOON)

YANKED = Yanked(reason="leaks", by="ada", at=NOON)


@pytest.fixture(params=["fake", "store"])
def inventory(request: pytest.FixtureRequest) -> Inventory:
    """An empty inventory."""
    if request.param == "fake":
        return FakeInventory()
    return stored_inventory(request.getfixturevalue("tables"))


def a_release(version: str = "1.0", *, name: str = "app", description: str = "") -> Release:
    metadata = Metadata(name=name, version=version, description=description)
    return Release(namespace="web", metadata=metadata, by="ada", at=NOON)


def registered(inventory: Inventory, *versions: str, name: str = "app") -> None:
    for version in versions:
        inventory.register(
            a_release(version, name=name), inventory.application_head("web", name), "project", an_entry()
        )


def key(version: str = "1.0") -> ReleaseKey:
    return ReleaseKey(namespace="web", application="app", version=version)


def test_the_first_release_makes_namespace_and_application(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    assert inventory.project_of("web") == "project"
    assert [one.name for one in inventory.namespaces()] == ["web"]
    assert [one.latest for one in inventory.applications("web")] == ["1.0"]
    assert inventory.release(key()) == a_release()


def test_the_default_namespace_is_the_platform_s_and_its_applications_are_their_projects(inventory: Inventory) -> None:
    for name, project in (("app", "web"), ("tool", "shop"), ("app", "web")):
        standing = inventory.application_head("_", name)
        release = Release(namespace="_", metadata=Metadata(name=name, version=f"{standing.count}.0"), by="ada", at=NOON)
        inventory.register(release, standing, project, an_entry())

    assert (inventory.project_of("_", "app"), inventory.project_of("_", "tool")) == ("web", "shop")
    assert (inventory.project_of("_"), inventory.project_of("_", "none")) == ("", None)
    assert inventory.application_head("_", "app").project == "web"
    assert inventory.application_head("_", "none").project is None
    assert [(one.name, one.project, one.is_public) for one in inventory.public_namespaces()] == [("_", "", True)]
    assert inventory.namespaces(projects={"web", "shop"}) == []


def test_an_application_goes_with_its_releases_and_leaves_the_others(inventory: Inventory) -> None:
    registered(inventory, "1.0", "2.0")
    registered(inventory, "1.0", name="tool")
    inventory.update_tag(key(), "stable", "ada", an_entry())

    inventory.remove_application("web", "app")
    inventory.remove_application("web", "none")

    assert [one.name for one in inventory.applications("web")] == ["tool"]
    assert list(inventory.versions("web", "app")) == []
    assert dict(inventory.tags("web", "app")) == {}
    assert list(inventory.versions("web", "tool")) == ["1.0"]


def test_what_somebody_owned_in_the_default_namespace_stays_theirs(tables: Tables) -> None:
    inventory = stored_inventory(tables)
    old = Namespace(name="_", project="web", is_public=False)
    tables.of(keys_inventory.INVENTORY).put(namespace_item(old))
    head = application_item(
        Application(namespace="_", name="app", latest="1.0", by="ada", at=NOON), ApplicationHead(count=1)
    )
    tables.of(keys_inventory.INVENTORY).put(head)

    assert inventory.find_namespace("_") == Namespace(name="_", project="", is_public=True)
    assert (inventory.project_of("_"), inventory.project_of("_", "app")) == ("", "web")
    standing = inventory.application_head("_", "app")
    assert standing.project == "web"
    release = Release(namespace="_", metadata=Metadata(name="app", version="2.0"), by="ada", at=NOON)
    inventory.register(release, standing, "", an_entry())
    assert inventory.application("_", "app").project == "web"


def test_latest_is_the_highest_and_the_rest_of_whom_came_last(inventory: Inventory) -> None:
    inventory.register(a_release("10.0", description="ten"), inventory.application_head("web", "app"), "p", an_entry())
    inventory.register(a_release("9.0", description="nine"), inventory.application_head("web", "app"), "p", an_entry())
    application = inventory.application("web", "app")
    assert (application.latest, application.description) == ("10.0", "nine")


def test_a_version_is_registered_once(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    with pytest.raises(Conflict):
        registered(inventory, "1.0")
    assert list(inventory.versions("web", "app")) == ["1.0"]


def test_a_standing_that_is_no_longer_true_registers_nothing(inventory: Inventory) -> None:
    old = inventory.application_head("web", "app")
    registered(inventory, "1.0")
    with pytest.raises(Stale):
        inventory.register(a_release("2.0"), old, "p", an_entry())
    assert list(inventory.versions("web", "app")) == ["1.0"]


def test_versions_come_highest_first_however_many(inventory: Inventory) -> None:
    registered(inventory, *(f"1.{number}" for number in range(300)))
    assert list(inventory.versions("web", "app"))[:3] == ["1.299", "1.298", "1.297"]
    assert len(inventory.versions("web", "app")) == 300
    assert inventory.page_of_versions("web", "app", 2, "1.100") == ["1.99", "1.98"]
    assert inventory.page_of_versions("web", "app", 2, None) == ["1.299", "1.298"]
    registered(inventory, "2.0", name="tool")
    newest = inventory.newest_versions([("web", "app"), ("web", "tool"), ("web", "none")])
    assert {unit: sorted(of.versions, key=sort_key) for unit, of in newest.items()} == {
        ("web", "app"): [f"1.{number}" for number in range(300)],
        ("web", "tool"): ["2.0"],
    }
    assert newest["web", "app"].namespace == inventory.namespace("web")


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
    inventory.update_tag(key("1.1"), "stable", "ada", an_entry())
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
    inventory.update_tag(key("1.0"), "stable", "ada", an_entry())
    inventory.update_tag(key("2.0"), "stable", "run 1", None)
    assert inventory.tags("web", "app") == {"stable": "2.0"}
    with pytest.raises(NotFound):
        inventory.update_tag(key("9.0"), "stable", "ada", an_entry())


def test_a_package_is_attached_once(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    inventory.attach(key(), PACKAGE, NOTICE, an_entry("1"))
    inventory.attach(key(), PACKAGE, NOTICE, an_entry("2"))
    assert inventory.release(key()).package == PACKAGE
    other = Package(object="y", size=3, sha256="abc", at=later(1))
    with pytest.raises(Conflict):
        inventory.attach(key(), other, NOTICE, an_entry("3"))
    with pytest.raises(NotFound):
        inventory.attach(key("9.0"), PACKAGE, NOTICE, an_entry("4"))


def test_uploads_and_downloads_are_remembered(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    upload = Upload(id="u1", release=key(), object="o", size=3, sha256="abc", at=NOON)
    inventory.keep_upload(upload)
    assert inventory.upload(key(), "u1") == upload
    with pytest.raises(NotFound):
        inventory.upload(key(), "u2")
    for ask in ("one", "one", "two"):
        inventory.count_download(key(), ask)
    assert inventory.downloads(key()) == 2


def test_namespaces_are_added_once_and_keep_their_project(inventory: Inventory) -> None:
    inventory.create_namespace(Namespace(name="web", project="p"), an_entry())
    with pytest.raises(Conflict):
        inventory.create_namespace(Namespace(name="web", project="other"), an_entry())
    inventory.update_namespace(Namespace(name="web", project="other", description="new"), an_entry())
    assert inventory.namespace("web") == Namespace(name="web", project="p", description="new")
    assert inventory.find_namespace("web") == inventory.namespace("web")
    assert inventory.find_namespace("none") is None
    with pytest.raises(NotFound):
        inventory.update_namespace(Namespace(name="none", project="p"), an_entry())


def test_one_of_32_registrations_of_a_version_wins(tables: Tables) -> None:
    inventory = stored_inventory(tables)
    together = Barrier(32)

    def attempt(_: int) -> bool:
        standing = inventory.application_head("web", "app")
        together.wait(timeout=10)
        try:
            inventory.register(a_release(), standing, "p", an_entry())
        except (Conflict, Stale):
            return False
        return True

    with ThreadPoolExecutor(32) as pool:
        won = list(pool.map(attempt, range(32)))
    assert sum(won) == 1
    assert inventory.application_head("web", "app").count == 1


def test_a_yanked_release_is_meant_by_its_exact_version_alone(inventory: Inventory) -> None:
    registered(inventory, "1.0", "1.1", "1.2")
    inventory.update_tag(key("1.2"), "stable", "ada", an_entry())
    inventory.yank(key("1.2"), YANKED, an_entry())
    inventory.yank(key("1.2"), Yanked(reason="other", by="bob", at=later(1)), an_entry())
    asked = {query: inventory.resolve("web", "app", query) for query in ("latest", "1.@", "stable", "v1.2")}
    assert asked == {"latest": "1.1", "1.@": "1.1", "stable": None, "v1.2": "1.2"}
    assert inventory.release(key("1.2")).yanked == YANKED
    assert inventory.highest("web", "app", "1.") == "1.2"
    assert inventory.application_head("web", "app").yanks == 1


def test_a_yank_can_be_undone_and_stays_through_registrations(inventory: Inventory) -> None:
    registered(inventory, "1.0", "1.1")
    inventory.yank(key("1.1"), YANKED, an_entry())
    registered(inventory, "0.9")
    assert inventory.resolve("web", "app", "latest") == "1.0"
    inventory.unyank(key("1.1"), an_entry())
    inventory.unyank(key("1.1"), an_entry())
    assert inventory.resolve("web", "app", "latest") == "1.1"
    assert inventory.release(key("1.1")).yanked is None
    assert inventory.find_release(key("1.1")) == inventory.release(key("1.1"))
    assert inventory.find_release(key("9.0")) is None
    found = inventory.find_releases([key("1.1"), key("9.0"), key("1.0"), key("1.1")])
    assert sorted(one.key.version for one in found) == ["1.0", "1.1"]
    assert list(inventory.find_releases(())) == []
    with pytest.raises(NotFound):
        inventory.yank(key("9.0"), YANKED, an_entry())


def a_linked(version: str, *, name: str = "site", **more: object) -> Release:
    metadata = Metadata(name=name, version=version, project="web", **more)  # type: ignore[arg-type] # any of its fields
    return Release(namespace="web", metadata=metadata, by="ada", at=NOON)


def linked(inventory: Inventory, *releases: Release) -> None:
    for one in releases:
        inventory.register(one, inventory.application_head("web", one.key.application), "project", an_entry())


def test_what_a_release_needs_knows_it_downstream(inventory: Inventory) -> None:
    depends = (Dependency(release_id="web/app-v1.0", scopes=("build",)),)
    linked(
        inventory, a_linked("1.0", depends=depends), a_linked("2.0", extends=(Extension(release_id="web/app-v1.0"),))
    )
    found = [(one.downstream.version, one.build, one.deploy, one.is_extension) for one in inventory.downstream(key())]
    assert sorted(found) == [("1.0", True, False, False), ("2.0", True, True, True)]
    assert inventory.downstream(key("1.1")) == []
    assert inventory.subscribers("web", "app") == [("web", "site")]


def test_an_interface_is_offered_by_the_highest_version(inventory: Inventory) -> None:
    provides = (Provider(name="db"),)
    linked(inventory, *(a_linked(version, provides=provides) for version in ("1.0", "1.10", "1.9")))
    linked(inventory, a_linked("2.0"))
    assert [(one.application, one.version) for one in inventory.offers("db")] == [("site", "1.10")]
    assert inventory.offers("none") == []


def test_words_find_applications_and_tags(inventory: Inventory) -> None:
    linked(inventory, a_linked("1.0", name="website", description="Sells shoes"), a_linked("1.0"))
    inventory.update_tag(
        ReleaseKey(namespace="web", application="site", version="1.0"), "ready-to-sell", "ada", an_entry()
    )
    found = [(hit.word, hit.application, hit.tag, hit.version) for hit in inventory.hits("sell", 10)]
    assert found == [("sell", "site", "ready-to-sell", "1.0"), ("sells", "website", "", "")]
    assert inventory.hits("s", 10) == []
    assert len(inventory.hits("we", 1)) == 1


def test_hooks_are_replaced_and_need_their_owner(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    for unit in (("web", ""), ("web", "app")):
        assert inventory.hooks(unit) == {}
        inventory.update_hooks(unit, {"slack": {"url": "https://a"}}, an_entry())
        inventory.update_hooks(unit, {"events": {"url": "https://b"}}, an_entry())
        assert inventory.hooks(unit) == {"events": {"url": "https://b"}}
    for missing in (("none", ""), ("web", "none")):
        with pytest.raises(NotFound):
            inventory.update_hooks(missing, {}, an_entry())


def test_it_is_told_which_secrets_no_hook_has_any_more(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    events = {"url": "https://a", "secret": "one"}
    assert (
        inventory.update_hooks(("web", ""), {"events": events, "slack": {"secret": "two"}}, an_entry()) == frozenset()
    )
    assert inventory.update_hooks(("web", ""), {"events": {**events, "url": "https://b"}}, an_entry("moved")) == {"two"}
    assert inventory.update_hooks(("web", ""), {}, an_entry("moved")) == {"two"}
    assert inventory.update_hooks(("web", ""), {}, an_entry()) == {"one"}


def test_the_highest_of_each_and_its_owner_are_told_at_once(inventory: Inventory) -> None:
    registered(inventory, "1.0", "1.1")
    found = inventory.latest_of([("web", "app"), ("web", "none")])
    assert [one.key for one in found] == [key("1.1")]
    assert [one.project for one in inventory.named(["web", "none"])] == ["project"]


def test_a_package_that_is_checked_is_passed_or_refused_once(inventory: Inventory) -> None:
    registered(inventory, "1.0", "1.1")
    checking = replace(PACKAGE, is_checking=True)
    for version in ("1.0", "1.1"):
        check = replace(NOTICE, id=f"check {version}")
        inventory.attach(key(version), checking, check, an_entry(f"attached {version}"))
    for _ in range(2):
        inventory.pass_check(key("1.0"), checking)
        inventory.refuse_package(key("1.0"), checking, "too late")
        inventory.refuse_package(key("1.1"), checking, "damaged")
        inventory.pass_check(key("1.1"), checking)
        inventory.pass_check(key("9.9"), checking)
        inventory.refuse_package(key("9.9"), checking, "not there")

    passed, refused = inventory.release(key("1.0")), inventory.release(key("1.1"))
    assert (passed.package, passed.refused) == (PACKAGE, "")
    assert (refused.package, refused.refused) == (None, "damaged")
    assert inventory.find_release(key("9.9")) is None

    other = replace(PACKAGE, object="another")
    inventory.attach(key("1.1"), other, replace(NOTICE, id="another"), an_entry("another"))
    assert (inventory.release(key("1.1")).package, inventory.release(key("1.1")).refused) == (other, "")


def test_everything_dies_with_its_namespace(inventory: Inventory) -> None:
    depends, provides = (Dependency(release_id="other/lib-v1.0"),), (Provider(name="db"),)
    inventory.create_namespace(Namespace(name="other", project="p"), an_entry())
    registered(inventory, "1.0", "1.1")
    linked(inventory, a_linked("1.0", depends=depends, provides=provides, description="shoes"))
    inventory.update_tag(key(), "stable", "ada", an_entry())
    inventory.update_hooks(("web", "app"), {"events": {"url": "https://b"}}, an_entry())
    inventory.update_hooks(("web", ""), {"events": {"url": "https://b"}}, an_entry())
    inventory.count_download(key(), "one")

    inventory.mark_namespace_deleting("web", an_entry())
    inventory.mark_namespace_deleting("none", an_entry())
    inventory.remove_namespace("web")
    inventory.remove_namespace("web")
    inventory.remove_namespace("none")

    assert [one.name for one in inventory.namespaces()] == ["other"]
    assert inventory.downstream(ReleaseKey(namespace="other", application="lib", version="1.0")) == []
    assert (inventory.subscribers("other", "lib"), inventory.offers("db")) == ([], [])
    assert [hit for word in ("shoes", "stable", "site") for hit in inventory.hits(word, 10)] == []
    inventory.register(a_release(), inventory.application_head("web", "app"), "project", an_entry())
    assert (inventory.tags("web", "app"), inventory.downloads(key())) == ({}, 0)
    assert (inventory.hooks(("web", "")), inventory.hooks(("web", "app"))) == ({}, {})
    assert list(inventory.versions("web", "app")) == ["1.0"]


def test_nothing_is_registered_in_a_namespace_that_is_going(inventory: Inventory) -> None:
    registered(inventory, "1.0")
    inventory.mark_namespace_deleting("web", an_entry())

    with pytest.raises(Stale):
        registered(inventory, "1.1")
    inventory.remove_namespace("web")

    assert list(inventory.namespaces()) == []


def test_an_upload_is_let_go_after_a_week(tables: Tables) -> None:
    inventory = stored_inventory(tables)
    upload = Upload(id="u1", release=key(), object="o", size=3, sha256="abc", at=NOON)
    inventory.keep_upload(upload)
    item = tables.of(keys_inventory.INVENTORY).get(keys_inventory.upload_key(key(), "u1"))
    assert item is not None
    assert item[EXPIRY] == int((NOON + timedelta(days=7)).timestamp())
