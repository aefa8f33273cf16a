"""The contract of the audit log, held by the fake and by the store."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, head_at, next_seal
from chalicelib.store.audit import search as search_of_store
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.audit.keys import AUDIT, entry_key, project_entries
from chalicelib.store.audit.older_entries import STILL_WRITTEN
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.audit.seal import Verify, seal_audit, verify_audit
from chalicelib.use_cases.ports.access import Audits, AuditSearch
from chalicelib.use_cases.ports.runs import Page
from tests.fakes.audits import FakeAudits
from tests.use_cases.access.access_ports import NOON, a_world, access_ports, after


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def audits(request: pytest.FixtureRequest) -> Audits:
    if request.param == "fake":
        return FakeAudits()
    tables = request.getfixturevalue("tables")
    return StoredAudits(tables=tables, identifier=a_world().identifier)


def an_entry(number: int, project: str = "web") -> AuditEntry:
    return AuditEntry(
        id=f"run/act#{number}", at=after(number), by="ann", act="approved", project=project, details={"node": "gate ü"}
    )


def test_an_entry_written_twice_is_kept_once_as_it_was(audits: Audits) -> None:
    audits.write(an_entry(1))
    audits.write(replace(an_entry(1), at=after(99)))

    assert audits.find(AuditSearch(project="web"), Page()).entries == [an_entry(1)]
    assert audits.entries([an_entry(1).id, "none"]) == {an_entry(1).id: an_entry(1)}


def test_the_entries_of_a_project_come_page_by_page_newest_first(audits: Audits) -> None:
    for number in range(5):
        audits.write(an_entry(number))
    audits.write(an_entry(9, project=""))

    first = audits.find(AuditSearch(project="web"), Page(size=3))
    second = audits.find(AuditSearch(project="web"), Page(size=3, after=first.after))

    assert len(first.entries) == 3
    assert [*first.entries, *second.entries] == [an_entry(number) for number in (4, 3, 2, 1, 0)]
    assert second.after is None
    assert audits.find(AuditSearch(), Page(size=2)).entries == [an_entry(9, project=""), an_entry(4)]


def all_found(audits: Audits, search: AuditSearch, size: int = 2) -> list[AuditEntry]:
    """All pages of what is looked for."""
    found, page = list[AuditEntry](), Page(size=size)
    while True:
        part = audits.find(search, page)
        assert len(part.entries) <= size
        found += part.entries
        if part.after is None:
            return found
        page = Page(size=size, after=part.after)


def test_entries_are_found_by_person_act_subject_and_time(audits: Audits) -> None:
    gate, train = "pipeline release run 7", "train 4"
    entries = [
        replace(an_entry(number), by=by, act=act, subject=subject)
        for number, (by, act, subject) in enumerate(
            [("ann", "approved", gate), ("bob", "approved", gate), ("ann", "created-train", train), ("bob", "left", "")]
        )
    ]
    for entry in entries:
        audits.write(entry)

    def found(search: AuditSearch) -> list[int]:
        return [entries.index(one) for one in all_found(audits, search)]

    assert found(AuditSearch(by="ann", project="web")) == [2, 0]
    assert found(AuditSearch(act="approved", project="web")) == [1, 0]
    assert found(AuditSearch(subject="Release run", project="web")) == [1, 0]
    assert found(AuditSearch(by="ann", act="approved", project="web")) == [0]
    assert found(AuditSearch(since=after(1), until=after(3), project="web")) == [2, 1]
    assert found(AuditSearch(until=after(1), project="web")) == [0]
    assert found(AuditSearch(since=after(2))) == [3, 2]
    assert found(AuditSearch(since=after(4), project="web")) == []
    assert found(AuditSearch(since=after(3), until=after(1), project="web")) == []


def test_what_machines_did_stands_apart(audits: Audits) -> None:
    robot = replace(an_entry(1), by="web/robot", details={"kind": "service-account"})
    platform = replace(an_entry(2), by="slipway", details={})
    for entry in (an_entry(0), robot, platform, an_entry(3, project="")):
        audits.write(entry)

    assert all_found(audits, AuditSearch(project="web")) == [an_entry(0)]
    assert all_found(audits, AuditSearch(project="web", machines=True)) == [platform, robot]
    assert all_found(audits, AuditSearch()) == [an_entry(3, project=""), an_entry(0)]
    assert all_found(audits, AuditSearch(machines=True)) == [platform, robot]


def test_the_entries_of_earlier_versions_are_listed_in_time(tables: Tables) -> None:
    audits = StoredAudits(tables=tables, identifier=a_world().identifier)
    entries = [replace(an_entry(number), by=by) for number, by in enumerate(("ann", "web/robot", "ann"))]
    for entry in entries:
        audits.write(entry)
        seal = next_seal(audits.head(), [entry], NOON)
        assert audits.add_seal(seal)
        as_written_before(tables, entry)
    assert all_found(audits, AuditSearch()) == []

    for _ in entries:
        audits.relist(NOON)

    assert all_found(audits, AuditSearch(project="web")) == all_found(audits, AuditSearch()) == [entries[2], entries[0]]
    assert all_found(audits, AuditSearch(machines=True)) == [entries[1]]


def test_once_all_are_listed_no_more_is_read(tables: Tables) -> None:
    audits = StoredAudits(tables=tables, identifier=a_world().identifier)
    audits.relist(NOON)
    audits.relist(NOON + 2 * STILL_WRITTEN)
    audits.write(an_entry(1))
    assert audits.add_seal(next_seal(Head(), [an_entry(1)], NOON))
    as_written_before(tables, an_entry(1))

    audits.relist(NOON + 3 * STILL_WRITTEN)

    assert all_found(audits, AuditSearch()) == []


def as_written_before(tables: Tables, entry: AuditEntry) -> None:
    """The entry stands as 0.1 wrote it: of people and machines in one list, that of the project."""
    table = tables.of(AUDIT)
    item = dict(table.get(entry_key(entry.id)) or {})
    listed = {name: value for name, value in item.items() if name not in ("second", "second_key")}
    table.put({**listed, "first": project_entries(entry.project, machines=False)})


def test_a_page_looks_at_so_many_entries_and_the_next_goes_on(audits: Audits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_of_store, "LOOKED_AT", 3)
    monkeypatch.setattr(search_of_store, "MOST_QUERIES", 2)
    rare = replace(an_entry(0), by="rare")
    for entry in (rare, *(an_entry(number) for number in range(1, 20))):
        audits.write(entry)

    assert all_found(audits, AuditSearch(project="web", by="rare")) == [rare]


def test_entries_are_unsealed_until_their_seal_is_marked(audits: Audits) -> None:
    entries = [an_entry(number) for number in range(30)]
    for entry in entries:
        audits.write(entry)
    seal = next_seal(Head(), entries[:28], NOON)

    assert len(audits.unsealed(10)) == 10
    assert audits.add_seal(seal)
    audits.mark_sealed(seal)
    audits.mark_sealed(seal)
    audits.write(entries[0])

    assert sorted(entry.id for entry in audits.unsealed(99)) == sorted(entry.id for entry in entries[28:])


def test_a_seal_is_added_to_the_head_alone(audits: Audits) -> None:
    first = next_seal(Head(), [an_entry(1)], NOON)
    second = next_seal(head_at(first), [an_entry(2)], NOON)

    assert audits.head() == Head()
    assert not audits.add_seal(second)
    assert audits.add_seal(first)
    assert not audits.add_seal(next_seal(Head(), [an_entry(3)], NOON))
    assert audits.add_seal(second)

    assert audits.head() == head_at(second)
    assert audits.seals(0, 9) == [first, second]
    assert audits.seals(1, 9) == [second]
    assert audits.seals(0, 1) == [first]


def test_a_sealed_log_verifies(audits: Audits) -> None:
    ports = access_ports(audits=audits)
    for number in range(3):
        audits.write(an_entry(number))
        assert seal_audit(ports, after(number)) == 1

    found = verify_audit(ports, Verify())

    assert (found.seals, found.entries, found.is_end, found.broken) == (3, 3, True, None)
