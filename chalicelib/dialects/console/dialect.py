"""Define the console: the pages by which people look at the platform. Its rows are in the routes.py of each page."""

from chalicelib.dialects.console.frame.refusal import say_page
from chalicelib.dialects.console.frame.waiting import with_waiting
from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import Dialect, Mounting
from chalicelib.http.refuse import ErrorFormat
from chalicelib.http.reply import HTML_MEDIA

CONSOLE = Dialect(
    name="console",
    title="Console",
    prefixes=(
        "/home",
        "/inbox",
        "/login",
        "/invitation",
        "/logout",
        "/looks",
        "/runs",
        "/logs",
        "/calendar",
        "/runners",
        "/projects",
        "/audit",
        "/access",
        "/search",
        "/releases",
        "/insights",
        "/trains",
        "/tasks",
        "/static",
    ),
    error_format=ErrorFormat(say=say_page, media=HTML_MEDIA),
    schemes=frozenset({AuthScheme.ESCAPE_HEADER, AuthScheme.BEARER, AuthScheme.CONSOLE_COOKIE}),
    mounting=Mounting.FALLBACK,
    is_of_pages=True,
    finish=with_waiting,
)
"""All rows of the console. It has a cookie of its own: those of the API do not open it, and its own opens no API."""
