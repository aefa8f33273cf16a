"""Requests for pages as API Gateway hands them to their function."""

import pytest
from chalice.app import Chalice

from chalicelib.dialects.mounted import PAGES
from chalicelib.functions import pages
from chalicelib.http.raw_request import METHODS, RawRequest
from chalicelib.http.reply import Reply
from chalicelib.http.site.carrier import carry
from tests.http.house import ask_app


@pytest.mark.parametrize(
    ("resource", "parameters", "path"),
    [
        ("/runs", {}, "/runs"),
        ("/runs/{proxy+}", {"proxy": "3F7a"}, "/runs/3F7a"),
        ("/logs/{proxy+}", {"proxy": "a%2Fb/chunks"}, "/logs/a%2Fb/chunks"),
    ],
)
def test_a_path_is_what_was_asked_for(resource: str, parameters: dict[str, str], path: str) -> None:
    asked = list[RawRequest]()

    def serve(request: RawRequest) -> Reply:
        asked.append(request)
        return Reply(status=204)

    app = Chalice(app_name="paths", configure_logs=False)
    carry(app, dict.fromkeys(PAGES, METHODS), serve)

    ask_app(app, "GET", f"{path}?view=list", headers={}, place=(resource, parameters))

    assert [(one.path, one.query["view"]) for one in asked] == [(path, ("list",))]


def test_it_serves_every_path_of_pages_by_every_method() -> None:
    assert {path: set(methods) for path, methods in pages.app.routes.items()} == {path: set(METHODS) for path in PAGES}
