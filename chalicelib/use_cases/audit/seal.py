"""Chain the audit log by hash, and verify the chain.

The sweep seals once a minute; the hashing itself is pure (kernel).
"""

from datetime import datetime, timedelta

from chalicelib.kernel.access.audit_entry import (
    ChainBreak,
    Head,
    Seal,
    break_at_end,
    break_in,
    break_of,
    head_at,
    next_seal,
)
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

BEGINNING = Head()
MOST_IN_A_SEAL = 500
"""40 KB, and 40 calls to AWS: 30,000 entries of a minute take 2,400 calls, which at 15 ms each is 36 s."""
LONGEST = timedelta(seconds=40)
"""The time of a round, within the minute's sweep. What it leaves is for the next one."""
MOST_SEALS_A_PAGE = 20


@frozen
class Verify:
    """Verify the chain from a place on: from the start, or from where the page before ended."""

    after: Head = BEGINNING
    most: int = MOST_SEALS_A_PAGE


@frozen
class Verified:
    """The result: number of intact seals and entries, how far it got, whether that is the end, and the first break."""

    seals: int
    entries: int
    reached: Head
    is_end: bool
    broken: ChainBreak | None = None


def seal_audit(ports: Ports, now: datetime) -> int:
    """Seal entries until none is left or the time is used; return how many. Of two sealers at once one wins."""
    sealed, count = 0, MOST_IN_A_SEAL
    while count == MOST_IN_A_SEAL and ports.clock.now() < now + LONGEST:
        count = _seal_some(ports, now)
        sealed += count
    return sealed


def verify_audit(ports: Ports, query: Verify) -> Verified:
    """Verify the chain from a place on; stop at the first break and return it."""
    stored = ports.audits.head()  # read before the seals, so that a seal made meanwhile is not missed
    reached, entries = query.after, 0
    seals = ports.audits.seals(query.after.number, query.most)
    for done, seal in enumerate(seals):
        broken = break_of(seal, reached) or _break_in_entries(ports, seal)
        if broken is not None:
            return Verified(seals=done, entries=entries, reached=reached, is_end=True, broken=broken)
        reached, entries = head_at(seal), entries + len(seal.entries)
    is_end = len(seals) < query.most
    broken = break_at_end(reached, stored) if is_end else None
    return Verified(seals=len(seals), entries=entries, reached=reached, is_end=is_end, broken=broken)


def _seal_some(ports: Ports, now: datetime) -> int:
    head = ports.audits.head()
    waiting = ports.audits.unsealed(MOST_IN_A_SEAL)
    if not waiting:
        return 0
    taken = _finish_last(ports, head, frozenset(entry.id for entry in waiting))
    fresh = sorted((entry for entry in waiting if entry.id not in taken), key=lambda entry: (entry.at, entry.id))
    seal = next_seal(head, fresh, now)
    if not fresh or not ports.audits.add_seal(seal):
        return len(taken)
    ports.audits.mark_sealed(seal)
    return len(waiting)


def _finish_last(ports: Ports, head: Head, waiting: frozenset[str]) -> frozenset[str]:
    """Mark the waiting entries that the last seal contains: its sealer died before it marked them."""
    for last in ports.audits.seals(head.number - 1, 1) if head.number else ():
        taken = waiting & {entry.id for entry in last.entries}
        if taken:
            ports.audits.mark_sealed(last)
        return taken
    return frozenset()


def _break_in_entries(ports: Ports, seal: Seal) -> ChainBreak | None:
    return break_in(seal, ports.audits.entries([entry.id for entry in seal.entries]))
