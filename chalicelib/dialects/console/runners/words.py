"""Read whose runners are asked for, and show them."""

from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.runners.page import RunnersPage, ShowRunners
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_runners(request: Request) -> ShowRunners:
    """Read of which pool runners are asked for."""
    pool = request.query.text("pool") or ""
    return ShowRunners(frame=read_frame(request), by=request.asker, now=request.now, pool=pool)


def show_runners(page: RunnersPage) -> Reply:
    """Show the page."""
    return page_reply(render("runners/runners.html", page.asked.frame, page=page, now=page.asked.now))
