"""Read what is looked for, and show what is found."""

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.search.page import Search, SearchPage
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request

MOST = 50


def read_search(request: Request) -> Search:
    """Read what is typed, and how much of what fits is shown. Faults: Invalid."""
    query = request.query
    most = query.whole("most", default=MOST, least=1, most=MOST)
    return Search(frame=read_frame(request), by=request.asker, text=query.text("q") or "", most=most)


def show_found(page: SearchPage) -> Reply:
    """Show what is found."""
    search = page.search
    fields = [Field(name="q", word="Name", value=search.text)]
    return page_reply(render("search/search.html", search.frame, page=page, fields=fields))
