"""Entries of the audit log, and the seals that make it tamper-evident.

Entries are written one by one. Later a seal covers a batch of them: it holds their hashes and that of the seal before
it. So any entry or seal that is changed, removed or inserted breaks the chain.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import Conflict
from slipway_formats.frozen import frozen

MACHINES = frozenset({PrincipalKind.SERVICE_ACCOUNT, PrincipalKind.RUNNER, PrincipalKind.JOB, PrincipalKind.KEY})
PLATFORM = "slipway"
"""By whom the platform itself writes what it did."""

REPEATED_WITHIN = timedelta(hours=24)
"""How long a request may be repeated under its idempotency key."""


@frozen
class AuditEntry:
    """Who did what, and when. id: makes writing idempotent.

    act: past tense (`approved`, `issued-token`). subject: what it was done to. project: empty for the whole
    installation.
    """

    id: str
    at: datetime
    by: str
    act: str
    subject: str = ""
    project: str = ""
    notes: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@frozen
class Sealed:
    """Id and hash of an entry that a seal covers."""

    id: str
    digest: str


@frozen
class Seal:
    """A link of the hash chain. number: from 1, no gaps. previous: digest of the seal before; empty for the first."""

    number: int
    previous: str = ""
    at: datetime
    entries: tuple[Sealed, ...]
    digest: str


@frozen
class Head:
    """Number and digest of the latest seal, stored apart from the chain."""

    number: int = 0
    digest: str = ""


@frozen
class ChainBreak:
    """The first place where the log differs from what was sealed. entry: empty when the seal itself differs."""

    seal: int
    entry: str = ""
    message: str


def refuse_late(entry: AuditEntry, kept: AuditEntry) -> None:
    """Refuse a request that reuses an idempotency key after more than a day. Faults: Conflict.

    kept: the entry written by the first request. Otherwise a new action under an old key would be reported as done,
    although nothing was.
    """
    if entry.at > kept.at + REPEATED_WITHIN:
        raise Conflict(f"{entry.act} {entry.subject}: done under the same key over a day ago, take another")


def is_of_machine(entry: AuditEntry) -> bool:
    """Whether a machine did it, or the platform itself, and no person."""
    kind = entry.details.get("kind")
    # No person has a slash or a space in their name. Acts on runs, and old entries, say a name alone.
    return kind in MACHINES or entry.by == PLATFORM or not {"/", " "}.isdisjoint(entry.by)


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 of an entry, in hexadecimal."""
    return _sha256(encode(AuditEntry, entry))


def next_seal(head: Head, entries: Iterable[AuditEntry], now: datetime) -> Seal:
    """Create the seal that follows the head and covers these entries."""
    sealed = tuple(Sealed(id=entry.id, digest=digest_of(entry)) for entry in entries)
    number = head.number + 1
    digest = _link(number, head.digest, now, sealed)
    return Seal(number=number, previous=head.digest, at=now, entries=sealed, digest=digest)


def head_at(seal: Seal) -> Head:
    """The head of a chain that ends with this seal."""
    return Head(number=seal.number, digest=seal.digest)


def break_of(seal: Seal, head: Head) -> ChainBreak | None:
    """Check that a seal follows the head and is unchanged; None when it is sound."""
    expected = head.number + 1
    if seal.number != expected:
        return ChainBreak(seal=expected, message=f"seal {expected} is missing")
    if seal.previous != head.digest:
        return ChainBreak(seal=seal.number, message=f"seal {seal.number} does not follow seal {head.number}")
    if seal.digest != _link(seal.number, seal.previous, seal.at, seal.entries):
        return ChainBreak(seal=seal.number, message=f"seal {seal.number} was changed")
    return None


def break_at_end(found: Head, kept: Head) -> ChainBreak | None:
    """Check that a chain walked to its last seal ends at the stored head. kept: the stored head."""
    if found.number < kept.number:
        return ChainBreak(seal=found.number + 1, message=f"seal {found.number + 1} is missing")
    if found.number == kept.number and found.digest != kept.digest:
        return ChainBreak(seal=kept.number, message=f"seal {kept.number} is not the one that was kept as the last")
    return None


def break_in(seal: Seal, entries: Mapping[str, AuditEntry]) -> ChainBreak | None:
    """Find the first entry of a seal that is changed or missing. entries: those found in the log, by id."""
    for sealed in seal.entries:
        entry = entries.get(sealed.id)
        if entry is None:
            return ChainBreak(seal=seal.number, entry=sealed.id, message=f"entry {sealed.id} was removed")
        if digest_of(entry) != sealed.digest:
            return ChainBreak(seal=seal.number, entry=sealed.id, message=f"entry {sealed.id} was changed")
    return None


def _link(number: int, previous: str, at: datetime, entries: tuple[Sealed, ...]) -> str:
    return _sha256([number, previous, encode(datetime, at), [[entry.id, entry.digest] for entry in entries]])


def _sha256(plain: object) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
