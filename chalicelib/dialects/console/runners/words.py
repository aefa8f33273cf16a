"""Read whose runners are asked for, and show them."""

from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.runners.page import RunnersPage, ShowRunners
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_runners(request: Request) -> ShowRunners:
    """Read of which pool runners are asked for."""
    query = request.query
    return ShowRunners(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        pool=query.text("pool") or "",
        known=query.text("known") or "",
    )


def show_runners(page: RunnersPage | Unchanged) -> Reply:
    """Show the page, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("runners/runners.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )
