"""Read what is looked for in the audit log, and show it."""

from dataclasses import replace

from chalicelib.dialects.console.audit.page import AuditPage, Search
from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.audit.read import FindEntries
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.runs import Page

YES = "yes"
FIELDS = (
    Field(name="project", word="Project"),
    Field(name="by", word="By"),
    Field(name="act", word="Act"),
    Field(name="subject", word="Subject"),
    Field(name="since", word="Since"),
    Field(name="until", word="Until"),
    Field(name="machines", word="what machines did", checked=YES),
)
PAGE_SIZE = 50


def read_search(request: Request) -> Search:
    """Read which entries are looked for; an empty filter is none. Faults: Invalid."""
    query = request.query
    given = {field.name: query.text(field.name) or "" for field in FIELDS}
    sought = AuditSearch(
        project=given["project"],
        machines=query.flag("machines"),
        by=given["by"],
        act=given["act"],
        subject=given["subject"],
        since=query.instant("since") if given["since"] else None,
        until=query.instant("until") if given["until"] else None,
    )
    return Search(
        frame=read_frame(request),
        now=request.now,
        sought=FindEntries(search=sought, page=Page(size=PAGE_SIZE, after=query.text("page_from") or None)),
        given=tuple((name, value) for name, value in given.items() if value),
    )


def show_entries(page: AuditPage) -> Reply:
    """Show the page."""
    search, given = page.search, dict(page.search.given)
    fields = [replace(field, value=given.get(field.name, "")) for field in FIELDS]
    return page_reply(render("audit/audit.html", search.frame, page=page, fields=fields, now=search.now))
