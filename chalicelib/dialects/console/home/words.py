"""Read who comes home, and show the page."""

from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.home.page import Home, HomePage
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_home(request: Request) -> Home:
    """Read who comes home."""
    return Home(frame=read_frame(request), by=request.asker, now=request.now)


def show_home(page: HomePage) -> Reply:
    """Show the page."""
    return page_reply(render("home/home.html", page.asked.frame, page=page, now=page.asked.now))
