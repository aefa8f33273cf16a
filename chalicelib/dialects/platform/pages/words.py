"""Read requests for the API's own pages, and show them."""

from chalicelib.http.reply import JSON_MEDIA, Reply, empty_reply, html_reply, redirect_reply, text_reply
from chalicelib.http.request import Request
from chalicelib.http.site.docs import POLICY

VERSION = "0.1.0"
TITLE = "Slipway"
HOME = f"{TITLE} {VERSION}: State Service, Release Inventory and their like over one kernel; read /docs"
CONSOLE = "./home"
"""Relative: right also behind a stage of API Gateway."""


def read_nothing(_: Request) -> None:
    """Read a request without parameters."""


def read_wants_page(request: Request) -> bool:
    """Return True if the caller is a browser, which gets HTML."""
    return "text/html" in request.header("accept")


def show_home(page: bool) -> Reply:  # noqa: FBT001 - the answer of a handler
    """Redirect browsers to the console; give programs one line of text."""
    return redirect_reply(CONSOLE) if page else text_reply(HOME)


def show_health(_: None) -> Reply:
    """Return an empty reply."""
    return empty_reply()


def show_document(text: str) -> Reply:
    """Show the OpenAPI document."""
    return Reply(headers={"Content-Type": JSON_MEDIA}, body=text)


def show_page(page: str) -> Reply:
    """Show the documentation page."""
    return html_reply(page, POLICY)
