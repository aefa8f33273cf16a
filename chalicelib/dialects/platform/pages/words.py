"""The API's own pages and signs of life, read and shown."""

from chalicelib.http.docs import POLICY
from chalicelib.http.reply import JSON_MEDIA, Reply, empty_reply, html_reply, redirect_reply, text_reply
from chalicelib.http.request import Request

VERSION = "0.1.0"
TITLE = "Slipway"
HOME = f"{TITLE} {VERSION}: State Service, Release Inventory and their like over one kernel; read /docs"
DOCS = "/docs"


def read_nothing(_: Request) -> None:
    """There is nothing to read."""


def read_wants_page(request: Request) -> bool:
    """Whether the caller is a browser."""
    return "text/html" in request.header("accept")


def show_home(page: bool) -> Reply:  # noqa: FBT001 - the answer of a handler
    """Browsers are sent to the pages; programs get a line."""
    return redirect_reply(DOCS) if page else text_reply(HOME)


def show_health(_: None) -> Reply:
    """Alive, and nothing else to say."""
    return empty_reply()


def show_document(text: str) -> Reply:
    """The OpenAPI document."""
    return Reply(headers={"Content-Type": JSON_MEDIA}, body=text)


def show_page(page: str) -> Reply:
    """The page that people read."""
    return html_reply(page, POLICY)
