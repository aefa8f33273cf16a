"""The contract of the audit log, held by the fake and by the store."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry, Head, head_at, next_seal
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.use_cases.audit.seal import Verify, seal_audit, verify_audit
from chalicelib.use_cases.ports.access import Audits, place_of
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

    assert audits.of_project("web", Page()) == [an_entry(1)]
    assert audits.entries([an_entry(1).id, "none"]) == {an_entry(1).id: an_entry(1)}


def test_the_entries_of_a_project_come_page_by_page_newest_first(audits: Audits) -> None:
    for number in range(5):
        audits.write(an_entry(number))
    audits.write(an_entry(9, project=""))

    first = audits.of_project("web", Page(size=3))
    second = audits.of_project("web", Page(size=3, after=place_of(first[-1])))

    assert [*first, *second] == [an_entry(number) for number in (4, 3, 2, 1, 0)]
    assert audits.of_project("", Page()) == [an_entry(9, project="")]


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
