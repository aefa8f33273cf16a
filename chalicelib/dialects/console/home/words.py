"""Read who comes home, and show the page."""

from urllib.parse import urlencode

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.home.page import Home, HomePage
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request


def read_home(request: Request) -> Home:
    """Read who comes home, what they look for, and what they know."""
    return Home(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        sought=request.query.text("q") or "",
        page_from=request.query.text("page_from") or "",
        known=request.query.text("known") or "",
    )


def show_home(page: HomePage | Unchanged) -> Reply:
    """Show the page, or nothing to who sees it already."""
    return live_reply(page, lambda shown: page_reply(_rendered(shown)))


def _rendered(page: HomePage) -> str:
    asked = page.asked
    fields = [Field(name="q", word="Project or application", value=asked.sought)]
    given = {name: value for name, value in (("q", asked.sought), ("page_from", asked.page_from)) if value}
    more = urlencode({**given, "page_from": page.more}) if page.more else ""
    return render("home/home.html", asked.frame, page=page, fields=fields, more=more, now=asked.now)
