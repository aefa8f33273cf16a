"""What the page of the audit log shows: who did what, newest first."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.use_cases.audit.read import FindEntries, find_entries
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Search:
    """Query: the audit log. given: the filters as they stand in its address."""

    frame: Frame
    now: datetime
    sought: FindEntries
    given: tuple[tuple[str, str], ...]


@frozen
class EntryRow:
    """An entry. tile: of its project, if it has one. run: that it is about, or empty."""

    entry: AuditEntry
    tile: Tile | None
    run: str


@frozen
class AuditPage:
    """What the page shows. more: the query of its next page; empty without one."""

    search: Search
    rows: Sequence[EntryRow]
    more: str


def audit_page(ports: Ports, search: Search) -> AuditPage:
    """Return the entries that are looked for, newest first."""
    found = find_entries(ports, search.sought)
    more = urlencode([*search.given, ("page_from", found.after)]) if found.after else ""
    return AuditPage(search=search, rows=[_row(one) for one in found.entries], more=more)


def _row(entry: AuditEntry) -> EntryRow:
    tile = tile_of(entry.project) if entry.project else None
    return EntryRow(entry=entry, tile=tile, run=entry.details.get("run", ""))
