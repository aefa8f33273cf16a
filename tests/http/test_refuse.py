"""How faults, unknown paths and wrong methods are refused, in the manner of the dialect."""

import json
import logging

import pytest

from tests.http.house import Site
from tests.http.rows import (
    echoing,
    failing,
)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/nowhere/at/all", "/api/v1/state/%ff", "/api/v1/state//"])
def test_an_unknown_path_is_404_in_the_manner_of_its_prefix(path: str) -> None:
    answer = Site([echoing("GET /api/v1/state/{project}/")]).ask("GET", path)

    assert (answer.status, answer.json) == (404, {"message": "no such path", "errors": []})


def test_a_wrong_method_is_405_with_the_methods_there_are() -> None:
    answer = Site([echoing("GET|PUT /api/v1/state/{project}/")]).ask("DELETE", "/api/v1/state/web/")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, PUT")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/fail/missing"), ("GET", "/nothing"), ("PATCH", "/fail/x")])
def test_the_inventory_answers_wrong_methods_and_paths_as_go_does(method: str, path: str) -> None:
    site = Site([echoing("GET /api/v1/state"), failing("/api/v1/inventory")])

    answer = site.ask(method, f"/api/v1/inventory{path}")

    assert (answer.status, answer.text) == (404, "404 page not found\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("root", ["/api/v1/state", "/api/v1/inventory"])
@pytest.mark.parametrize("place", ["/fail/conflict", "/fail/large", "/fail/missing", "/nothing"])
def test_no_refusal_is_taken_for_a_page(root: str, place: str) -> None:
    answer = Site([failing(root)]).ask("GET", f"{root}{place}")

    assert answer.status >= 400
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("what", "status", "message"),
    [
        ("conflict", 409, "environment staging exists"),
        ("stale", 409, "run r1 has changed"),
        ("large", 413, "too much"),
        ("throttled", 503, "a moment"),
        ("limited", 429, "too many wrong secrets"),
        ("missing", 404, "no release R7"),
    ],
)
def test_state_tells_faults_as_json(what: str, status: int, message: str) -> None:
    answer = Site([failing("/api/v1/state")]).ask("GET", f"/api/v1/state/fail/{what}")

    assert (answer.status, answer.json) == (status, {"message": message, "errors": []})


@pytest.mark.parametrize(
    ("what", "status", "text"),
    [
        ("conflict", 409, "Resource already exists"),
        ("missing", 404, ""),
        ("invalid", 400, "name: is no name"),
        ("throttled", 503, ""),
        ("limited", 429, "too many wrong secrets"),
        ("bug", 500, ""),
    ],
)
def test_the_inventory_tells_faults_as_plain_text_or_not_at_all(what: str, status: int, text: str) -> None:
    answer = Site([failing("/api/v1/inventory")]).ask("GET", f"/api/v1/inventory/fail/{what}")

    assert (answer.status, answer.text) == (status, text)
    assert ("Content-Type" in answer.headers) is bool(text)


def test_who_tries_too_often_is_told_how_long_to_wait() -> None:
    answer = Site([failing("/api/v1/state")]).ask("GET", "/api/v1/state/fail/limited")

    assert answer.headers["Retry-After"] == "60"


def test_an_unforeseen_error_is_500_with_the_request_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = Site([failing("/api/v1/state")]).ask("GET", "/api/v1/state/fail/bug")

    assert (answer.status, answer.headers["X-Request-Id"]) == (500, "request-7")
    assert "request-7" in answer.json["message"]
    assert "a bug" not in answer.text
    (line,) = [json.loads(record.message) for record in caplog.records]
    assert (line["request"], line["error"]) == ("request-7", "RuntimeError: a bug of ours")
    assert line["operation"] == "GET /api/v1/state/fail/{what}"
