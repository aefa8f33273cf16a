"""Whatever is changed, taken out or put in after sealing shows, and the first such place is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.audit_entry import (
    AuditEntry,
    ChainBreak,
    Head,
    Seal,
    break_at_end,
    break_in,
    break_of,
    head_at,
    next_seal,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def an_entry(number: int) -> AuditEntry:
    return AuditEntry(id=f"run/{number}", at=NOON + timedelta(seconds=number), by="ann", act="approved", project="web")


def a_chain(seals: int) -> tuple[Seal, ...]:
    chain: list[Seal] = []
    for number in range(seals):
        chain.append(
            next_seal(head_at(chain[-1]) if chain else Head(), [an_entry(2 * number), an_entry(2 * number + 1)], NOON)
        )
    return tuple(chain)


def first_break(chain: tuple[Seal, ...]) -> ChainBreak | None:
    followers = zip(chain, (Head(), *map(head_at, chain)), strict=False)
    return next((found for seal, head in followers if (found := break_of(seal, head)) is not None), None)


def test_an_untouched_chain_has_no_break() -> None:
    assert first_break(a_chain(5)) is None


@given(st.integers(min_value=0, max_value=4))
def test_a_seal_taken_out_is_named(gone: int) -> None:
    chain = a_chain(6)

    found = first_break(chain[:gone] + chain[gone + 1 :])

    assert found == ChainBreak(seal=gone + 1, message=f"seal {gone + 1} is missing")


@given(st.integers(min_value=0, max_value=5))
def test_a_seal_that_was_changed_is_named(place: int) -> None:
    chain = a_chain(6)
    changed = replace(chain[place], entries=chain[place].entries[:1])

    found = first_break((*chain[:place], changed, *chain[place + 1 :]))

    assert found is not None
    assert (found.seal, "was changed" in found.message) == (place + 1, True)


def test_a_seal_made_anew_does_not_fit_its_follower() -> None:
    first, second, *_ = a_chain(3)
    forged = next_seal(Head(), [an_entry(0)], NOON)

    found = first_break((forged, second))

    assert first != forged
    assert found is not None
    assert found.message == "seal 2 does not follow seal 1"


def test_an_entry_that_was_changed_or_removed_is_named() -> None:
    entries = {entry.id: entry for entry in (an_entry(1), an_entry(2))}
    seal = next_seal(Head(), entries.values(), NOON)
    changed = {**entries, "run/2": replace(entries["run/2"], by="eve")}

    assert break_in(seal, entries) is None
    assert break_in(seal, changed) == ChainBreak(seal=1, entry="run/2", message="entry run/2 was changed")
    assert break_in(seal, {"run/2": entries["run/2"]}) == ChainBreak(
        seal=1, entry="run/1", message="entry run/1 was removed"
    )


def test_seals_taken_off_the_end_show_by_the_head() -> None:
    chain = a_chain(3)
    kept = head_at(chain[-1])

    assert break_at_end(kept, kept) is None
    assert break_at_end(head_at(chain[1]), kept) == ChainBreak(seal=3, message="seal 3 is missing")
    assert break_at_end(Head(number=3, digest="other"), kept) is not None
