"""Read which runs are looked for or acted on, and show them."""

from dataclasses import replace

from chalicelib.dialects.console.find.page import ActOnFound, Found, Search
from chalicelib.dialects.console.frame.decide import by_form
from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.overview.find_runs import STATUSES, FindRuns
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideRun

ME = "me"
FIELDS = (
    Field(name="project", word="Project"),
    Field(name="status", word="Status", options=STATUSES),
    Field(name="release", word="Release"),
    Field(name="environment", word="Environment"),
    Field(name="by", word="By"),
    Field(name="waiting_for", word="waits for my word", checked=ME),
)
ACTS = {"cancel": ActKind.CANCELLED, "retry": ActKind.RETRIED}
NAMES = tuple(field.name for field in FIELDS)
PAGE_SIZE = 50


def read_search(request: Request) -> Search:
    """Read which runs are looked for; an empty filter is none. Faults: Invalid."""
    given = {name: request.query.text(name) or "" for name in NAMES}
    if given["status"] and given["status"] not in STATUSES:
        raise Invalid.single("status", f"should be one of {', '.join(STATUSES)}")
    if given["waiting_for"] not in ("", ME):
        raise Invalid.single("waiting_for", "should be me")
    sought = FindRuns(
        by=request.asker,
        project=given["project"],
        status=given["status"],
        release=given["release"],
        environment=given["environment"],
        started_by=request.asker.name if given["by"] == ME else given["by"],
        waits_for_caller=given["waiting_for"] == ME,
        page=Page(size=PAGE_SIZE, after=request.query.text("page_from") or None),
    )
    filters = tuple((name, value) for name, value in given.items() if value)
    known = request.query.text("known") or ""
    return Search(frame=read_frame(request), now=request.now, sought=sought, given=filters, known=known)


def read_acts(request: Request) -> ActOnFound:
    """Read what is to be done with all that is chosen. Faults: Invalid, TooLarge."""
    pairs = request.form()
    form, chosen = dict(pairs), [value for name, value in pairs if name == "chosen"]
    kind = ACTS.get(form.get("act", ""))
    if kind is None:
        raise Invalid.single("act", f"should be one of {', '.join(ACTS)}")
    if not chosen:
        raise Invalid.single("chosen", "nothing is chosen: tick the runs that it is about")
    acts = [DecideRun(run=run, kind=kind, by=request.asker, notes=form.get("notes", "")) for run in chosen]
    return ActOnFound(search=read_search(request), decisions=tuple(by_form(request, act) for act in acts))


def show_found(found: Found | Unchanged) -> Reply:
    """Show the list, or nothing to who sees it already."""
    return live_reply(found, _shown)


def _shown(found: Found) -> Reply:
    search = found.search
    given = dict(search.given)
    fields = [replace(field, value=given.get(field.name, "")) for field in FIELDS]
    rendered = render("find/find.html", search.frame, found=found, fields=fields, now=search.now)
    return page_reply(rendered, found.outcomes.status)
