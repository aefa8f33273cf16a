"""Reading the audit log. Its hash chain is verified in seal.py."""

from chalicelib.use_cases.ports.access import AuditSearch, FoundEntries
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen


@frozen
class FindEntries:
    """Query: a page of the entries that are looked for. page: after as of `FoundEntries`."""

    search: AuditSearch
    page: Page


def find_entries(ports: Ports, query: FindEntries) -> FoundEntries:
    """List the entries that are looked for, newest first."""
    return ports.audits.find(query.search, query.page)
