"""The sealer takes every entry into the chain, once; verification names the first place that was tampered with."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.use_cases.audit.entries import AuditAction, write_audit
from chalicelib.use_cases.audit.seal import LONGEST, MOST_IN_A_SEAL, Verified, Verify, seal_audit, verify_audit
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.runs import Page
from tests.fakes.audits import FakeAudits
from tests.use_cases.access.access_ports import NOON, access_ports, after, an_origin


def an_entry(number: int) -> AuditEntry:
    return AuditEntry(id=f"e{number:04d}", at=after(number), by="ann", act="approved", project="web")


def a_sealed_log(seals: int) -> FakeAudits:
    log = FakeAudits()
    ports = access_ports(audits=log)
    for number in range(seals):
        log.write(an_entry(2 * number))
        log.write(an_entry(2 * number + 1))
        assert seal_audit(ports, after(60 * number)) == 2
    return log


def verified(log: FakeAudits) -> Verified:
    return verify_audit(access_ports(audits=log), Verify())


def test_new_entries_are_sealed_once() -> None:
    log = a_sealed_log(3)

    assert seal_audit(access_ports(audits=log), after(999)) == 0
    assert verified(log) == Verified(seals=3, entries=6, reached=log.head(), is_end=True)


def test_what_500_a_second_write_in_a_minute_is_sealed_in_one_round() -> None:
    log = FakeAudits()
    for number in range(30_000):
        log.write(an_entry(number))

    assert seal_audit(access_ports(audits=log), NOON) == 30_000
    assert len(log.chain) == 30_000 / MOST_IN_A_SEAL


def test_a_round_ends_when_its_time_is_used() -> None:
    log = FakeAudits()
    ports = access_ports(audits=log)
    log.write(an_entry(1))

    assert seal_audit(ports, ports.clock.now() - LONGEST) == 0
    assert seal_audit(ports, ports.clock.now()) == 1


def test_a_sealer_that_died_after_its_seal_is_finished_by_the_next() -> None:
    class Dying(FakeAudits):
        def mark_sealed(self, seal: object) -> None:
            raise ConnectionError(seal)

    log = Dying()
    log.write(an_entry(1))
    with pytest.raises(ConnectionError):
        seal_audit(access_ports(audits=log), NOON)
    revived = FakeAudits(kept=log.kept, chain=log.chain, _head=log._head, _waiting=log._waiting)
    revived.write(an_entry(2))

    seal_audit(access_ports(audits=revived), NOON)

    assert [[entry.id for entry in seal.entries] for seal in revived.chain.values()] == [["e0001"], ["e0002"]]
    assert revived.unsealed(9) == []


def test_of_two_sealers_one_seals() -> None:
    class Beaten(FakeAudits):
        def add_seal(self, seal: object) -> bool:
            return seal is None

    log = Beaten()
    log.write(an_entry(1))

    assert seal_audit(access_ports(audits=log), NOON) == 0
    assert len(log.unsealed(9)) == 1


def test_a_removed_entry_and_a_changed_entry_are_named() -> None:
    removed, changed = a_sealed_log(3), a_sealed_log(3)
    del removed.kept["e0003"]
    changed.kept["e0004"] = replace(changed.kept["e0004"], by="eve")

    first, second = verified(removed).broken, verified(changed).broken

    assert first is not None
    assert (first.seal, first.entry, first.message) == (2, "e0003", "entry e0003 was removed")
    assert second is not None
    assert (second.seal, second.entry, second.message) == (3, "e0004", "entry e0004 was changed")


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_removed_seal_is_named(gone: int) -> None:
    log = a_sealed_log(3)
    del log.chain[gone]

    broken = verified(log).broken

    assert broken is not None
    assert broken.message == f"seal {gone} is missing"


def test_a_long_chain_is_walked_page_by_page() -> None:
    log = a_sealed_log(5)
    ports = access_ports(audits=log)

    first = verify_audit(ports, Verify(most=3))
    second = verify_audit(ports, Verify(after=first.reached, most=3))

    assert (first.seals, first.is_end, second.seals, second.is_end) == (3, False, 2, True)
    assert second.reached == log.head()


def test_a_deed_is_kept_once_however_often_it_is_told() -> None:
    ports = access_ports()
    origin, action = an_origin(), AuditAction(act="created-project", subject="web", project="web")

    write_audit(ports, origin, action)
    write_audit(ports, replace(origin, at=origin.at + timedelta(seconds=1)), action)

    (entry,) = ports.audits.find(AuditSearch(project="web"), Page()).entries
    assert (entry.at, entry.by, entry.act) == (NOON, "admin", "created-project")
