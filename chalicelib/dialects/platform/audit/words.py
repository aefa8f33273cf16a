"""Read queries of the audit log, and show the answers."""

from chalicelib.dialects.platform.access.words import read_page
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.audit_entry import AuditEntry, Head
from chalicelib.use_cases.audit.read import FindEntries
from chalicelib.use_cases.audit.seal import MOST_SEALS_A_PAGE, Verified, Verify
from chalicelib.use_cases.ports.access import AuditSearch, FoundEntries

LONGEST_CHAIN = 10**12
ME = "me"


def read_find(request: Request) -> FindEntries:
    """Read which entries are looked for. Faults: Invalid."""
    query = request.query
    by = query.text("by") or ""
    search = AuditSearch(
        project=query.text("project") or "",
        machines=query.flag("machines"),
        by=request.asker.name if by == ME else by,
        act=query.text("act") or "",
        subject=query.text("subject") or "",
        since=query.instant("since"),
        until=query.instant("until"),
    )
    return FindEntries(search=search, page=read_page(request))


def read_verify(request: Request) -> Verify:
    """Read at which seal (link of the audit log's hash chain) to start verifying. Faults: Invalid."""
    number = request.query.whole("number", default=0, least=0, most=LONGEST_CHAIN)
    most = request.query.whole("seals", default=MOST_SEALS_A_PAGE, least=1, most=MOST_SEALS_A_PAGE)
    return Verify(after=Head(number=number, digest=request.query.text("digest") or ""), most=most)


def show_entries(found: FoundEntries) -> Reply:
    """Show entries, newest first."""
    return json_reply({"items": [_entry(entry) for entry in found.entries], "next": found.after})


def show_verified(verified: Verified) -> Reply:
    """Show how much of the chain is intact, and the first break."""
    broken = verified.broken
    return json_reply(
        {
            "seals": verified.seals,
            "entries": verified.entries,
            "reached": {"number": verified.reached.number, "digest": verified.reached.digest},
            "is_end": verified.is_end,
            "broken": None
            if broken is None
            else {"seal": broken.seal, "entry": broken.entry, "message": broken.message},
        }
    )


def _entry(entry: AuditEntry) -> Json:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "act": entry.act,
        "subject": entry.subject,
        "project": entry.project,
        "notes": entry.notes,
        "details": dict(entry.details),
    }
