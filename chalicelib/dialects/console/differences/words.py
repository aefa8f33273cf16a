"""Read which environments are compared, and show what differs."""

from chalicelib.dialects.console.differences.page import DifferencesPage, DifferencesQuery
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_differences(request: Request) -> DifferencesQuery:
    """Read which environments are compared; without any, the page asks for them."""
    query = request.query
    return DifferencesQuery(
        frame=read_frame(request),
        by=request.asker,
        project=request.parameters["project"],
        old=query.text("old") or "",
        new=query.text("new") or "",
        deployment=query.text("deployment") or "",
    )


def show_differences(page: DifferencesPage) -> Reply:
    """Show what differs."""
    return page_reply(render("differences/differences.html", page.asked.frame, page=page))
