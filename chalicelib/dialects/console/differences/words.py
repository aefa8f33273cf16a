"""Read which environments are compared, and as they were when, and show what differs."""

from chalicelib.dialects.console.differences.page import DifferencesPage, DifferencesQuery
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.instants import read_instant
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_differences(request: Request) -> DifferencesQuery:
    """Read which environments are compared; without any, the page asks for them. Faults: Invalid."""
    query = request.query
    old_at, new_at = (query.text(name) for name in ("old_at", "new_at"))
    return DifferencesQuery(
        frame=read_frame(request),
        by=request.asker,
        project=request.parameters["project"],
        old=query.text("old") or "",
        new=query.text("new") or "",
        deployment=query.text("deployment") or "",
        old_at=read_instant(old_at, "old_at") if old_at else None,
        new_at=read_instant(new_at, "new_at") if new_at else None,
    )


def show_differences(page: DifferencesPage) -> Reply:
    """Show what differs."""
    return page_reply(render("differences/differences.html", page.asked.frame, page=page))
