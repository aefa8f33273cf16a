"""Read which releases are looked for, and show them."""

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.releases.page import ApplicationPage, ApplicationQuery, FoundPage, Search
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.overview.release_places import ReleasePlaces
from chalicelib.use_cases.releases.search import SearchReleases


def read_search(request: Request) -> Search:
    """Read which applications are looked for. Faults: Invalid."""
    words = request.query.text("q") or ""
    sought = SearchReleases(by=request.asker, query=words, after=request.query.text("page_from") or "")
    return Search(frame=read_frame(request), now=request.now, sought=sought, given=words)


def show_found(page: FoundPage) -> Reply:
    """Show the list."""
    search = page.search
    fields = [Field(name="q", word="Words", value=search.given)]
    return page_reply(render("releases/releases.html", search.frame, page=page, fields=fields, now=search.now))


def read_application(request: Request) -> ApplicationQuery:
    """Read of which application releases are looked at. Faults: Invalid."""
    places = ReleasePlaces(
        by=request.asker,
        namespace=request.parameters["namespace"],
        application=request.parameters["application"],
        below=request.query.text("page_from") or None,
    )
    return ApplicationQuery(frame=read_frame(request), now=request.now, by=request.asker, places=places)


def show_application(page: ApplicationPage) -> Reply:
    """Show the page of an application."""
    return page_reply(render("releases/application.html", page.asked.frame, page=page, now=page.asked.now))
