"""Entries of the audit log and the seals that chain them by hash. Where they are kept stands in the store.

An entry is written once, by whoever acts. Later a seal takes in many of them, with their hashes and that of the seal
before. So an entry or a seal that was changed, taken out or put in shows: the links after it do not fit.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from chalicelib.kernel.codec import encode
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.frozen import frozen

REPEATED_WITHIN = timedelta(hours=24)
"""So long an ask may be repeated under its key; what comes later under the same key is another ask."""


@frozen
class AuditEntry:
    """Who did what when. id: of the effect, so that writing it twice is writing it once.

    act: in past tense (`approved`, `issued-token`). subject: what it was done to. project: empty for the installation.
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
    """An entry as a seal knows it."""

    id: str
    digest: str


@frozen
class Seal:
    """A link of the chain. number: from 1, without gaps. previous: digest of the seal before, empty for the first."""

    number: int
    previous: str = ""
    at: datetime
    entries: tuple[Sealed, ...]
    digest: str


@frozen
class Head:
    """How far the chain goes: number and digest of its last seal, as kept apart from it."""

    number: int = 0
    digest: str = ""


@frozen
class ChainBreak:
    """The first place where the log is not what was sealed. entry: empty when it is the seal itself."""

    seal: int
    entry: str = ""
    message: str


def refuse_late(entry: AuditEntry, kept: AuditEntry) -> None:
    """Nothing, if who asks for a deed repeats the ask whose entry is kept. Faults: Conflict, when that is too long ago.

    Else a key that is used again another day would be told that its deed is done, and nothing would have been.
    """
    if entry.at > kept.at + REPEATED_WITHIN:
        raise Conflict(f"{entry.act} {entry.subject}: done under the same key over a day ago, take another")


def digest_of(entry: AuditEntry) -> str:
    """The hash of an entry: SHA-256, hexadecimal, of all it says."""
    return _sha256(encode(AuditEntry, entry))


def next_seal(head: Head, entries: Iterable[AuditEntry], now: datetime) -> Seal:
    """The seal that follows the head and takes in these entries."""
    sealed = tuple(Sealed(id=entry.id, digest=digest_of(entry)) for entry in entries)
    number = head.number + 1
    digest = _link(number, head.digest, now, sealed)
    return Seal(number=number, previous=head.digest, at=now, entries=sealed, digest=digest)


def head_at(seal: Seal) -> Head:
    """The head of a chain that ends in this seal."""
    return Head(number=seal.number, digest=seal.digest)


def break_of(seal: Seal, head: Head) -> ChainBreak | None:
    """What is wrong with a seal as the follower of the head, if anything is."""
    expected = head.number + 1
    if seal.number != expected:
        return ChainBreak(seal=expected, message=f"seal {expected} is missing")
    if seal.previous != head.digest:
        return ChainBreak(seal=seal.number, message=f"seal {seal.number} does not follow seal {head.number}")
    if seal.digest != _link(seal.number, seal.previous, seal.at, seal.entries):
        return ChainBreak(seal=seal.number, message=f"seal {seal.number} was changed")
    return None


def break_at_end(found: Head, kept: Head) -> ChainBreak | None:
    """What is wrong with the end of a chain that was walked to its last seal. kept: the head as it is kept."""
    if found.number < kept.number:
        return ChainBreak(seal=found.number + 1, message=f"seal {found.number + 1} is missing")
    if found.number == kept.number and found.digest != kept.digest:
        return ChainBreak(seal=kept.number, message=f"seal {kept.number} is not the one that was kept as the last")
    return None


def break_in(seal: Seal, entries: Mapping[str, AuditEntry]) -> ChainBreak | None:
    """The first entry of a seal that was changed or is gone, if there is one. entries: those found, by id."""
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
