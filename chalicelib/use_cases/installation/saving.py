"""Create, update and remove entries of the installation, each with its audit entry, under concurrent changes."""

from collections.abc import Callable

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.installation.entries import Entry, Kind, word_of
from chalicelib.kernel.trains.numbering import number_defects
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict

ADDED, CHANGED = "added", "changed"


def checked_title(title: str, path: str = "title") -> str:
    """Return a title without blanks around it. Faults: Invalid."""
    if defects := number_defects(title, path):
        raise Invalid(defects)
    return title.strip()


def create_entry(ports: Ports, origin: Origin, record: Kind) -> Kind:
    """Store a new entry. A repeated request gets what it made before. Faults: Conflict if it is there, TooLarge."""
    entry = entry_for(origin, ADDED, record)
    known: Kind | None = ports.installation.find_by(type(record), record.handles[0])
    if known is None:
        return ports.installation.create(record, entry)
    if not was_done(ports, entry):
        raise Conflict(f"{word_of(known)} {known.title} exists already")
    return known


def update_entry(
    ports: Ports, origin: Origin, before: Kind, change: Callable[[Kind], Kind], *, act: str = CHANGED
) -> Kind:
    """Change an entry as it is now. act: one of several that a request does to it.

    Faults: NotFound if it is gone, Conflict, TooLarge, Stale.
    """

    def save() -> Kind:
        known: Kind | None = ports.installation.find(type(before), before.id)
        if known is None:
            raise NotFound(f"no {word_of(before)} {before.title}")
        return ports.installation.save(change(known), known, entry_for(origin, act, before))

    return retry_on_conflict(ports, save, since=origin.at)


def remove_entry(ports: Ports, origin: Origin, record: Entry) -> None:
    """Remove an entry; one that is gone is no fault."""
    ports.installation.remove(record, entry_for(origin, "removed", record))


def entry_for(origin: Origin, act: str, record: Entry) -> AuditEntry:
    """Return the audit entry of an act on an entry. One that is new gets another id when it is asked for again."""
    word, key = word_of(record).replace(" ", "-"), record.handles[0] if act == ADDED else str(record.id)
    action = AuditAction(act=f"{act}-{word}", subject=record.title, key=key)
    return entry_of(origin, action)
