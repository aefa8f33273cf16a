"""The pages that tell of the table: the OpenAPI document and the HTML made of it."""

import hashlib
import json
import re
import shlex
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import Field, TypeAdapter, ValidationError

from app import OPERATIONS
from chalicelib.dialects.platform.pages.routes import pages_of
from chalicelib.dialects.platform.pages.words import VERSION
from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import EMPTY_SCHEMA, NO_FLAGS, Dialect, Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import ADMIN, PROJECT_WRITE, PUBLIC
from chalicelib.http.query import Query
from chalicelib.http.refuse import PLAIN_ERRORS
from chalicelib.http.reply import Reply, empty_reply
from chalicelib.http.request import Request
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.http.site.docs import page
from chalicelib.http.site.examples import curl
from chalicelib.http.site.openapi import document
from tests.http.house import STATE, House, Site

VOID = {"meta", "br", "hr", "link", "img", "input"}
PAGING = {"page_size", "page_from"}
KEYED = Dialect(
    name="keyed", title="Keyed <& co>", prefixes=("/k",), error_format=PLAIN_ERRORS, schemes=frozenset(AuthScheme)
)


class Step(Shape):
    name: str = Field(alias="stepName")
    needs: list[str] = []


class Pipeline(Shape):
    steps: list[Step]


class Page(LenientShape):
    page_size: int = 50
    page_from: str | None = None


def test_what_the_documentation_does_not_tell_cannot_be_read() -> None:
    told, untold = Query({"page_size": ("7",)}, frozenset({"page_size"})), Query({"page_size": ("7",)}, frozenset())

    assert told.whole("page_size", default=1, least=1, most=9) == 7
    with pytest.raises(LookupError, match="page_size is in no `query` of the row's schema"):
        untold.text("page_size")


def test_every_row_tells_the_parameters_that_it_reads() -> None:
    names = {row.path: row.query_names for row in OPERATIONS if row.methods == ("GET",)}

    assert (
        set(names["/api/v1/audit"] or ()) == {"project", "machines", "by", "act", "subject", "since", "until"} | PAGING
    )
    assert {path for path, known in names.items() if known is None} == {
        row.path for row in OPERATIONS if row.dialect.name == "console" and row.methods == ("GET",)
    }


def read(_: Request) -> None:
    return None


def do_nothing(_: House, ask: None) -> None:
    return ask


def show(_: None) -> Reply:
    return empty_reply()


def row(
    group: Group, route: str, summary: str, schema: Schema = EMPTY_SCHEMA, flags: frozenset[Flag] = NO_FLAGS
) -> Operation:
    permission = PROJECT_WRITE if "{project}" in route else PUBLIC if schema.answer is str else ADMIN
    return group.operation(route, summary, permission, Handling(read, do_nothing, show), schema=schema, flags=flags)


A, B, KEYED_A = Group(STATE, "A"), Group(STATE, "B"), Group(KEYED, "A")

ROWS = (
    row(A, "GET /api/v1/p/{project}/", "All.", Schema(answer=dict[str, Pipeline], query=Page)),
    row(A, "POST /api/v1/p/{project}/", "Add.", Schema(body=Pipeline, answer=Pipeline, status=201)),
    row(B, "PUT /api/v1/p/{name}/", "Set <b>.", Schema(body=list[Step]), frozenset({Flag.OPTIONAL_BODY})),
    row(KEYED_A, "GET|POST /k/x", "Ask.", Schema(answer=str, media="text/plain; charset=utf-8")),
    row(KEYED_A, "DELETE /k/x/{id}", "Go."),
)


def described() -> dict[str, Any]:
    return document(ROWS, title="Test", version="1")


class Outline(HTMLParser):
    """Which tags were left open, which ids there are, where links go."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [value for name, value in given.items() if name == "id" and value]
        self.links += [value for name, value in given.items() if name in ("href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def outline(text: str) -> Outline:
    outlined = Outline()
    outlined.feed(text)
    outlined.close()
    return outlined


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(described()).validate()


def test_paths_are_as_documented_and_one_for_each_place() -> None:
    paths = described()["paths"]

    assert set(paths) == {"/api/v1/p/{project}/", "/k/x", "/k/x/{id}"}
    assert set(paths["/api/v1/p/{project}/"]) == {"get", "post", "put"}


def test_every_operation_has_a_name_of_its_own() -> None:
    details = [detail for methods in described()["paths"].values() for detail in methods.values()]
    names = [detail["operationId"] for detail in details]

    assert len(set(names)) == len(names) == 6
    assert "keyed_delete_k_x_by_id" in names


def test_the_permission_stands_in_the_description() -> None:
    paths = described()["paths"]

    assert paths["/api/v1/p/{project}/"]["get"]["description"] == "Needs: write in the project {project}."
    assert paths["/k/x"]["get"]["security"] == []
    assert {"bearer": []} in paths["/api/v1/p/{project}/"]["get"]["security"]
    assert {"apiKeyInQuery": []} in paths["/k/x/{id}"]["delete"]["security"]


def test_queries_bodies_and_answers_are_described() -> None:
    paths = described()["paths"]
    listed, added, changed = (paths["/api/v1/p/{project}/"][method] for method in ("get", "post", "put"))

    assert [each["name"] for each in listed["parameters"]] == ["project", "page_size", "page_from"]
    assert [each["name"] for each in added["parameters"]] == ["project", "Idempotency-Key"]
    reference = added["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert described()["components"]["schemas"][reference.rpartition("/")[2]]["required"] == ["steps"]
    assert added["requestBody"]["required"]
    assert not changed["requestBody"]["required"]
    assert set(added["responses"]) == {"201", "default"}
    assert "stepName" in json.dumps(described()["components"]["schemas"])


def test_the_page_is_well_formed_and_every_link_leads_somewhere() -> None:
    outlined = outline(page(described()))

    assert (outlined.open, outlined.wrong) == ([], [])
    assert len(set(outlined.ids)) == len(outlined.ids)
    targets = {f"#{name}" for name in outlined.ids} | {"openapi.json"}
    assert set(outlined.links) <= targets


def test_the_page_needs_no_network_and_hides_what_only_its_script_moves() -> None:
    text = page(described())

    assert '<p hidden><input type="search"' in text
    assert re.search(r"(src|href)=.(https?:)?//", text) is None


def test_the_page_escapes_what_it_tells() -> None:
    text = page(described())

    assert "Keyed &lt;&amp; co&gt;" in text
    assert "Set &lt;b&gt;." in text


def site() -> Site:
    rows: list[Operation] = [*ROWS]
    rows += pages_of(lambda: tuple(rows))
    return Site(rows)


def test_the_api_tells_of_itself() -> None:
    answer = site().ask("GET", "/openapi.json")

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    OpenAPIV31SpecValidator(answer.json).validate()
    assert {"/openapi.json", "/docs", "/", "/health"} < set(answer.json["paths"])


def test_the_page_may_use_its_own_style_alone() -> None:
    answer = site().ask("GET", "/docs")

    found = re.search(r"<style>(.*)</style>", answer.text, re.DOTALL)
    assert found is not None
    digest = b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    script = re.search(r"<script>(.*)</script>", answer.text, re.DOTALL)
    assert script is not None
    assert f"script-src 'sha256-{b64encode(hashlib.sha256(script[1].encode()).digest()).decode()}'" in policy


def test_the_links_of_the_page_hold_behind_a_stage() -> None:
    links = outline(site().ask("GET", "/docs").text).links

    assert [link for link in links if link.startswith("/")] == []
    assert {urljoin("https://x.example/prod/docs", link).partition("#")[0] for link in links} == {
        "https://x.example/prod/docs",
        "https://x.example/prod/openapi.json",
    }


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_a_page_has_its_head(path: str) -> None:
    asked, headed = site().ask("GET", path), site().ask("HEAD", path)

    assert headed.status == 200
    assert headed.headers["Content-Type"] == asked.headers["Content-Type"]


@cache
def every() -> dict[str, Any]:
    """The document of all rows; made when it is asked for, as each process of a session reads this file."""
    return document(OPERATIONS, title="Slipway", version=VERSION)


def calls() -> Iterator[tuple[str, str, list[str]]]:
    """Path, method and words of the example of each operation."""
    for path, methods in every()["paths"].items():
        for method, detail in methods.items():
            yield path, method, shlex.split(curl(method, path, detail, every()["components"]["schemas"]))


def test_every_operation_has_an_example_that_can_be_pasted() -> None:
    for path, method, words in calls():
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        place = next(word for word in words if word.startswith("$SLIPWAY_API")).removeprefix("$SLIPWAY_API")

        assert words[0] == "curl"
        assert re.fullmatch(pattern, place.partition("?")[0]), place
        assert method == "get" or words[1:3] == ["-X", method.upper()]


def test_the_body_of_an_example_is_one_that_is_taken() -> None:
    bodies = {
        (row.path, method.lower()): row.schema.body
        for row in OPERATIONS
        for method in row.methods
        if row.schema.body is not None and "json" in row.schema.takes
    }
    wrong = {}
    for path, method, words in calls():
        if (body := bodies.get((path, method))) is not None:
            try:
                TypeAdapter(body).validate_json(words[words.index("-d") + 1])
            except ValidationError as error:
                wrong[f"{method} {path}"] = str(error)

    assert wrong == {}


def test_every_operation_can_be_searched_by_its_words() -> None:
    found = re.findall(r'data-find="([^"]+)"', page(every()))

    assert len(found) == sum(map(len, every()["paths"].values()))
    assert any("post /api/v1/state/{project}/add-project" in one for one in found)


def test_browsers_are_sent_from_the_root_to_the_console_and_programs_get_a_line() -> None:
    browser = site().ask("GET", "/", headers={"Accept": "text/html,*/*"})
    program = site().ask("GET", "/")

    assert (browser.status, browser.headers["Location"]) == (302, "./home")
    assert (program.status, program.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert program.text.startswith(f"Slipway {VERSION}")


def test_health_is_200_and_empty() -> None:
    assert site().ask("HEAD", "/health").status == 200
    answer = site().ask("GET", "/health")

    assert (answer.status, answer.content) == (200, b"")
    assert "Content-Type" not in answer.headers


def test_the_version_told_is_the_projects() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()

    assert f'\nversion = "{VERSION}"\n' in project
