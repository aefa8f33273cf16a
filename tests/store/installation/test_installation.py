"""What the installation has: the same of the fake and of the store."""

from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.installation.entries import (
    GLOBAL_RAFT,
    Application,
    ApplicationGroup,
    Entry,
    GitRepository,
    ItemType,
    ListKind,
    NamedEntry,
    Raft,
    RaftItem,
    SharedEnvironment,
    TaskNamespace,
    items_prefix,
    place_handle,
    title_handle,
)
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.installation.installation import StoredInstallation
from chalicelib.use_cases.ports.installation import Installation
from tests.builders import NOON, an_entry
from tests.fakes.installation import FakeInstallation

SHOP = Application(id=10_001, title="Shop", project="shop", name="shop", created_by="ann", created_at=NOON)
SITE = Application(id=10_101, title="Site", project="site", name="site", created_by="ann", created_at=NOON)
ITEM = RaftItem(
    id=10_201, raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="Deploy Web", changed_by="ann", changed_at=NOON
)
ONE_OF_EACH: tuple[Entry, ...] = (
    SHOP,
    ApplicationGroup(id=10_301, title="Web"),
    SharedEnvironment(id=10_401, title="Integration", code="INT", name="integration", created_at=NOON),
    Raft(id=10_501, title="tools"),
    ITEM,
    NamedEntry(id=10_601, kind=ListKind.SERVER, title="web-1"),
    GitRepository(id=10_701, title="quick_start", url="https://git.example.org/q.git", projects=("web", "api")),
    TaskNamespace(
        id=10_801,
        title="Quick_Start",
        project="web",
        environment="quick_start",
        created_by="user:ann",
        created_at=NOON,
    ),
)


@pytest.fixture(params=["fake", "store"])
def installation(request: pytest.FixtureRequest) -> Installation:
    if request.param == "fake":
        return FakeInstallation()
    tables: Tables = request.getfixturevalue("tables")
    return StoredInstallation(tables=tables)


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: type(record).__name__)
def test_an_entry_is_found_by_its_id_and_its_handles(installation: Installation, record: Entry) -> None:
    made = installation.create(record, an_entry())

    assert made == replace(record, version=1)
    assert installation.find(type(record), record.id) == made
    assert [installation.find_by(type(record), handle) for handle in record.handles] == [made] * len(record.handles)
    assert installation.every(type(record)) == [made]
    assert installation.find(type(record), 7) is None


def test_a_title_is_unique_in_any_case_and_stays_so_when_it_changes(installation: Installation) -> None:
    shop, site = (installation.create(one, an_entry()) for one in (SHOP, SITE))

    with pytest.raises(Conflict, match="application SHOP exists already"):
        installation.create(replace(SITE, id=10_201, title="SHOP", name="other"), an_entry())
    with pytest.raises(Conflict):
        installation.save(replace(site, title="sHOP"), site, an_entry())
    renamed = installation.save(replace(shop, title="Store"), shop, an_entry())

    assert (renamed.version, installation.find_by(Application, title_handle("STORE"))) == (2, renamed)
    assert installation.find_by(Application, title_handle("shop")) is None
    assert installation.find_by(Application, place_handle("shop", "shop")) == renamed
    assert installation.save(replace(site, title="shop"), site, an_entry()).title == "shop"


def test_a_title_that_went_to_another_is_found_there(installation: Installation) -> None:
    shop, site = (installation.create(one, an_entry()) for one in (SHOP, SITE))
    assert installation.find_by(Application, title_handle("shop")) == shop

    installation.save(replace(shop, title="Store"), shop, an_entry())
    renamed = installation.save(replace(site, title="Shop"), site, an_entry())
    assert installation.find_by(Application, title_handle("shop")) == renamed
    installation.remove(renamed, an_entry())
    assert installation.find_by(Application, title_handle("shop")) is None
    assert installation.find_by(Application, title_handle("store")) is not None


def test_an_entry_is_saved_on_its_version_alone(installation: Installation) -> None:
    shop = installation.create(SHOP, an_entry())
    installation.save(replace(shop, is_active=False), shop, an_entry())

    with pytest.raises(Stale):
        installation.save(replace(shop, title="Store"), shop, an_entry())


def test_a_repeated_request_changes_nothing_and_answers_what_is_stored(installation: Installation) -> None:
    made, changed, gone = an_entry(), an_entry(), an_entry()
    shop = installation.create(SHOP, made)
    assert installation.create(replace(SHOP, id=10_901), made) == shop

    store = installation.save(replace(shop, title="Store"), shop, changed)
    assert installation.save(replace(shop, title="Other"), shop, changed) == store

    installation.remove(store, gone)
    installation.remove(store, gone)
    assert installation.every(Application) == []
    assert installation.find_by(Application, title_handle("store")) is None


def test_entries_are_listed_by_id_and_items_by_where_they_are(installation: Installation) -> None:
    for one in (SITE, SHOP):
        installation.create(one, an_entry())
    plan = replace(ITEM, id=10_202, type=ItemType.PLAN, title="a plan")
    own = replace(ITEM, id=10_203, application=10_001)
    later = replace(ITEM, id=10_204, title="Build")
    for item in (ITEM, plan, own, later):
        installation.create(item, an_entry())

    def titles(application: int | None, kind: ItemType | None = None) -> list[str]:
        return [one.title for one in installation.with_handles(RaftItem, items_prefix(1, application, kind))]

    assert [one.id for one in installation.every(Application)] == [10_001, 10_101]
    assert titles(None) == ["a plan", "Build", "Deploy Web"]
    assert titles(None, ItemType.SCRIPT) == ["Build", "Deploy Web"]
    assert titles(10_001, ItemType.SCRIPT) == ["Deploy Web"]
    assert titles(10_101) == []
