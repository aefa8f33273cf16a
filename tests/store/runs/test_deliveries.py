"""The contract of the port OwedBook, which the store and its fake pass alike."""

from dataclasses import dataclass, replace

import pytest

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.releases.delivery import (
    HookCall,
    PendingDelivery,
    UploadNotice,
    pending_call,
    pending_notice,
    taken,
)
from chalicelib.kernel.releases.release import Package, Release, ReleaseKey
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.runs.deliveries import StoredOutbox
from chalicelib.use_cases.ports.access import Audits
from chalicelib.use_cases.ports.deliveries import Outbox
from chalicelib.use_cases.ports.runs import Due
from slipway_formats.release import Metadata
from tests.builders import NOON, an_entry, later
from tests.fakes.inventory import FakeInventory, Inventory
from tests.fakes.world import FakeWorld
from tests.store.releases.stored import stored_inventory

KEY = ReleaseKey(namespace="web", application="app", version="1.0")
PACKAGE = Package(object="web/app/v1.0/x", size=3, sha256="abc", at=NOON)
NOTICE = pending_notice(PACKAGE.object, UploadNotice(release=KEY, project="web", by="ada"), NOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The book, and the inventory by which notices come into it."""

    outbox: Outbox
    inventory: Inventory
    audits: Audits

    def attach(self, ask: str = "") -> None:
        """The package of a release is here."""
        self.inventory.attach(KEY, PACKAGE, NOTICE, an_entry(ask))


@pytest.fixture(params=["fake", "store"])
def case(request: pytest.FixtureRequest) -> Case:
    inventory: Inventory
    if request.param == "fake":
        inventory = fake = FakeInventory()
        made = Case(outbox=fake.outbox, inventory=fake, audits=fake.audits)
    else:
        tables = request.getfixturevalue("tables")
        inventory = stored_inventory(tables)
        made = Case(
            outbox=StoredOutbox(tables=tables, identifier=FakeWorld().identifier),
            inventory=inventory,
            audits=StoredAudits(tables=tables, identifier=FakeWorld().identifier),
        )
    release = Release(namespace="web", metadata=Metadata(name="app", version="1.0"), by="ada", at=NOON)
    inventory.register(release, inventory.application_head("web", "app"), "web", an_entry())
    return made


def a_call(kind: str) -> PendingDelivery:
    call = HookCall(namespace="web", application="app", kind=kind, body="{}", project="web")
    return pending_call(NOTICE, call, later(5))


def test_with_a_package_its_notice_is_owed_and_due(case: Case) -> None:
    case.attach()
    assert case.outbox.find(NOTICE.id) == NOTICE
    assert list(case.outbox.due(NOON, 10)) == [Due(id=NOTICE.id, at=NOON)]
    assert list(case.outbox.due(later(-1), 10)) == []


def test_the_same_package_again_owes_nothing_new(case: Case) -> None:
    case.attach()
    case.outbox.settle(NOTICE.id)
    case.attach()
    case.attach("another ask")
    assert case.outbox.find(NOTICE.id) is None


def test_what_was_saved_by_another_is_stale(case: Case) -> None:
    case.attach()
    saved = case.outbox.save(taken(NOTICE, NOON))
    assert case.outbox.find(NOTICE.id) == saved
    assert list(case.outbox.due(NOON, 10)) == []
    with pytest.raises(Stale):
        case.outbox.save(taken(NOTICE, NOON))
    assert case.outbox.save(replace(saved, due_at=NOON)).attempts == 1


def test_what_is_settled_is_gone_and_what_follows_is_owed(case: Case) -> None:
    case.attach()
    calls = (a_call("slack"), a_call("events"))
    for _ in range(2):
        case.outbox.settle(NOTICE.id, calls)
    assert case.outbox.find(NOTICE.id) is None
    assert {one.id for one in case.outbox.due(later(5), 10)} == {one.id for one in calls}
    assert case.outbox.find(calls[0].id) == calls[0]
    with pytest.raises(Stale):
        case.outbox.save(NOTICE)


def test_all_that_is_due_comes_the_earliest_first_however_little_is_read_at_once(case: Case) -> None:
    case.attach()
    case.outbox.settle("nothing", (a_call("slack"),))
    found = list(case.outbox.due(later(60), 1))
    assert found[0] == Due(id=NOTICE.id, at=NOON)
    assert found == list(case.outbox.due(later(60), 10))


def test_what_is_given_up_is_gone_and_written_down(case: Case) -> None:
    case.attach()
    entry = an_entry("give up")
    for _ in range(2):
        case.outbox.give_up(NOTICE.id, entry)
    assert case.outbox.find(NOTICE.id) is None
    assert case.audits.entries([entry.id]) == {entry.id: entry}
