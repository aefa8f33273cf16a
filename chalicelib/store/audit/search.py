"""Find entries of the audit log: those of one partition of an index, from an instant back. The rest is a filter here.

Records are packed, so that DynamoDB cannot look into them; a filter of its own would read, and cost, as much.
"""

from dataclasses import replace

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.store.audit import keys
from chalicelib.store.dynamo.key_parts import BY_FIRST, BY_SECOND
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Found, Reading, Table
from chalicelib.use_cases.ports.access import AuditSearch, FoundEntries, matches, moment_of, place_of
from chalicelib.use_cases.ports.runs import Page

MOST_QUERIES = 10
LOOKED_AT = 500
"""Entries of a query where not all are wanted: about 300 KB of the 1 MB that one may read. So a page looks at 5,000."""

FIRST_MOMENT = "0"
"""Before every instant."""


def find_entries(table: Table, search: AuditSearch, page: Page) -> FoundEntries:
    """Return a page of what is looked for, newest first."""
    index = BY_FIRST if search.project else BY_SECOND
    is_narrow = any((search.by, search.act, search.subject))
    # One more than is shown: the last entry of the page before is among them.
    reading = Reading(index=index, limit=LOOKED_AT if is_narrow else page.size + 1, backward=True)
    part = table.query(_line(search, page), reading)
    found = _wanted(search, page, part)
    for _ in range(MOST_QUERIES - 1):
        if len(found) >= page.size or part.next is None:
            break
        part = table.query(_line(search, page), replace(reading, after=part.next))
        found += _wanted(search, page, part)
    if len(found) > page.size:
        return FoundEntries(entries=found[: page.size], after=place_of(found[page.size - 1]))
    looked_to = None if part.next is None else str(part.next["first_key" if search.project else "second_key"])
    return FoundEntries(entries=found, after=looked_to)


def _line(search: AuditSearch, page: Page) -> Condition:
    """Return the condition on the keys. Of two bounds one alone may be a comparison, so both make a range."""
    lower = moment_of(search.since) if search.since is not None else FIRST_MOMENT
    until = moment_of(search.until) if search.until is not None else None
    upper = min((one for one in (page.after, until) if one is not None), default=None)
    line: Condition
    if search.project:
        line, place = Path("first") == keys.project_entries(search.project, machines=search.machines), Path("first_key")
    else:
        line, place = Path("second") == keys.all_entries(machines=search.machines), Path("second_key")
    within: Condition = place >= lower if upper is None else place.between(lower, max(lower, upper))
    wanted: Condition = line & within
    return wanted


def _wanted(search: AuditSearch, page: Page, part: Found) -> list[AuditEntry]:
    entries = (record_of(AuditEntry, item) for item in part.items)
    return [entry for entry in entries if place_of(entry) != page.after and matches(search, entry)]
