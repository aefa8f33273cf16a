"""The Lambda of the pages, by which people look at the platform: rows of the console, which the API's zip has not."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Chalice

from chalicelib import wiring
from chalicelib.dialects.console.routes import OPERATIONS
from chalicelib.dialects.mounted import PAGES
from chalicelib.http.app_context import context_of
from chalicelib.http.raw_request import METHODS
from chalicelib.http.site.carrier import carry
from chalicelib.http.site.match import table_of
from chalicelib.http.site.serve import Site

app = Chalice(app_name="slipway-pages", configure_logs=False)
carry(app, dict.fromkeys(PAGES, METHODS), Site(table_of(OPERATIONS), context_of(wiring.ports)).serve)


def handle(event: dict[str, Any], context: object) -> Mapping[str, Any]:
    """Answer a request for a page, or for a file that pages load."""
    return app(event, context)
