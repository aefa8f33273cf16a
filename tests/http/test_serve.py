"""What a caller sees of rows on a real Chalice app: matching, reading, refusing."""

import json
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field

from chalicelib.http.operation import About, Flag, Mounting, Operation, operation
from chalicelib.http.permission import AUTHENTICATED, PUBLIC
from chalicelib.http.reply import (
    Json,
    Reply,
    bytes_reply,
    empty_reply,
    html_reply,
    json_reply,
    redirect_reply,
    shape_reply,
    text_reply,
)
from chalicelib.http.request import Request
from chalicelib.http.shape import LenientShape, Shape
from chalicelib.kernel.faults import Conflict, Fault, Invalid, NotFound, Stale, Throttled, TooLarge
from tests.http.house import INVENTORY, STATE, House, Site

FAULTS: dict[str, Fault] = {
    "conflict": Conflict("environment staging exists"),
    "stale": Stale("run r1 has changed"),
    "large": TooLarge("too much"),
    "throttled": Throttled("a moment"),
    "missing": NotFound("no release R7"),
    "invalid": Invalid.single("name", "is no name"),
}


class Kind(StrEnum):
    FAST = "fast"
    SLOW = "slow"


class Build(Shape):
    type: Literal["build"]
    branch: str = "main"


class Wait(Shape):
    type: Literal["wait"]
    seconds: int


class Phase(Shape):
    name: str
    steps: list[Annotated[Build | Wait, Field(discriminator="type")]]


class Pipeline(Shape):
    name: str
    kind: Kind = Kind.FAST
    phases: list[Phase] = []
    inputs: dict[str, int] = {}


class Page(LenientShape):
    page_size: int = Field(default=50, ge=1, le=200)
    full: bool = False


class Notice(LenientShape):
    name: str


@dataclass(frozen=True)
class Named:
    name: str


def read_nothing(request: Request) -> None:
    assert request.id == "request-7"


def read_pipeline(request: Request) -> Named:
    return Named(request.body(Pipeline).name)


def read_notice(request: Request) -> Named:
    return Named(request.optional_body(Notice).name)


def read_parameters(request: Request) -> dict[str, str]:
    return dict(request.parameters)


def read_page(request: Request) -> Page:
    return request.parameters_as(Page)


def keep(house: House, ask: Named) -> str:
    house.done.append(ask.name)
    return ask.name


def echo(_: House, ask: Json) -> Json:
    return ask


def fail(_: House, ask: dict[str, str]) -> None:
    if ask["what"] == "bug":
        raise RuntimeError("a bug of ours")
    raise FAULTS[ask["what"]]


def show_name(name: str) -> Reply:
    return json_reply({"name": name})


def show_none(_: None) -> Reply:
    return empty_reply()


def about(status: int = 200) -> About:
    return About(group="Things", summary="Do a thing.", status=status)


def echoing(route: str) -> Operation:
    return operation(STATE, route, read=read_parameters, verb=echo, show=json_reply, permission=PUBLIC, about=about())


def replying(route: str, reply: Reply) -> Operation:
    def verb(_: House, ask: None) -> None:
        return ask

    return operation(STATE, route, read=read_nothing, verb=verb, show=lambda _: reply, permission=PUBLIC, about=about())


def failing(prefix: str) -> Operation:
    dialect = INVENTORY if "inventory" in prefix else STATE
    return operation(
        dialect,
        f"GET {prefix}/fail/{{what}}",
        read=read_parameters,
        verb=fail,
        show=show_none,
        permission=PUBLIC,
        about=about(),
    )


PIPELINES = operation(
    STATE,
    "POST /api/v1/pipelines/",
    read=read_pipeline,
    verb=keep,
    show=show_name,
    permission=PUBLIC,
    about=about(201),
)
NOTICES = operation(
    STATE,
    "POST /api/v1/notices",
    read=read_notice,
    verb=keep,
    show=show_name,
    permission=PUBLIC,
    about=about(),
    flags=frozenset({Flag.OPTIONAL_BODY}),
)
PAGES = operation(
    STATE,
    "GET /api/v1/pages/",
    read=read_page,
    verb=lambda _, page: page,
    show=shape_reply,
    permission=PUBLIC,
    about=about(),
)


@pytest.mark.parametrize("fallback", [False, True])
@pytest.mark.parametrize("path", ["/api/v1/state/web", "/api/v1/state/web/"])
def test_a_slash_at_the_end_makes_no_difference(path: str, fallback: bool) -> None:
    site = Site([echoing("GET /api/v1/state/{project}/")])

    answer = site.ask("GET", path, fallback=fallback)

    assert (answer.status, answer.json) == (200, {"project": "web"})


def test_a_literal_segment_wins_over_a_parameter() -> None:
    site = Site([echoing("GET /api/v1/state/{project}/"), replying("GET /api/v1/state/names", text_reply("all"))])

    assert site.ask("GET", "/api/v1/state/names").text == "all"


@pytest.mark.parametrize("fallback", [False, True])
def test_a_parameter_serves_the_methods_that_the_literal_beside_it_has_not(fallback: bool) -> None:
    site = Site([echoing("PUT /x/{name}/"), replying("POST /x/add", text_reply("added"))])

    assert site.ask("PUT", "/x/add", fallback=fallback).json == {"name": "add"}


@pytest.mark.parametrize("fallback", [False, True])
def test_an_encoded_slash_stays_inside_its_segment(fallback: bool) -> None:
    site = Site([echoing("GET /x/{a}/y/{b}")])

    answer = site.ask("GET", "/x/demo%2Fapp/y/50%25%20%C3%A9", fallback=fallback)

    assert answer.json == {"a": "demo/app", "b": "50% é"}


def test_parameters_in_one_place_may_have_different_names_in_different_rows() -> None:
    site = Site([echoing("GET /x/{id}/a"), echoing("GET /x/{project}/b/{id}"), echoing("PUT /x/{project}/b/{name}")])

    assert set(site.routes) >= {"/x/{id}/a", "/x/{id}/b/{id_4}"}
    assert site.ask("GET", "/x/1/b/2").json == {"project": "1", "id": "2"}
    assert site.ask("PUT", "/x/1/b/2").json == {"project": "1", "name": "2"}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/nowhere/at/all", "/api/v1/state/%ff", "/api/v1/state//"])
def test_an_unknown_path_is_404_in_the_manner_of_its_prefix(path: str) -> None:
    answer = Site([echoing("GET /api/v1/state/{project}/")]).ask("GET", path)

    assert (answer.status, answer.json) == (404, {"message": "no such path", "errors": []})


def test_a_wrong_method_is_405_with_the_methods_there_are() -> None:
    answer = Site([echoing("GET|PUT /api/v1/state/{project}/")]).ask("DELETE", "/api/v1/state/web/")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, PUT")


@pytest.mark.parametrize(("method", "path"), [("PUT", "/fail/missing"), ("GET", "/nothing"), ("HEAD", "/fail/x")])
def test_the_inventory_answers_wrong_methods_and_paths_as_go_does(method: str, path: str) -> None:
    site = Site([echoing("GET /api/v1/state"), failing("/api/v1/inventory")])

    answer = site.ask(method, f"/api/v1/inventory{path}")

    assert (answer.status, answer.text) == (404, "404 page not found\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("what", "status", "message"),
    [
        ("conflict", 409, "environment staging exists"),
        ("stale", 409, "run r1 has changed"),
        ("large", 413, "too much"),
        ("throttled", 503, "a moment"),
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
        ("bug", 500, ""),
    ],
)
def test_the_inventory_tells_faults_as_plain_text_or_not_at_all(what: str, status: int, text: str) -> None:
    answer = Site([failing("/api/v1/inventory")]).ask("GET", f"/api/v1/inventory/fail/{what}")

    assert (answer.status, answer.text) == (status, text)
    assert ("Content-Type" in answer.headers) is bool(text)


def test_an_unforeseen_error_is_500_with_the_request_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = Site([failing("/api/v1/state")]).ask("GET", "/api/v1/state/fail/bug")

    assert (answer.status, answer.headers["X-Request-Id"]) == (500, "request-7")
    assert "request-7" in answer.json["message"]
    assert "a bug" not in answer.text
    (line,) = [json.loads(record.message) for record in caplog.records]
    assert (line["request"], line["error"]) == ("request-7", "RuntimeError: a bug of ours")
    assert line["operation"] == "GET /api/v1/state/fail/{what}"


def test_a_row_answers_with_its_status() -> None:
    assert Site([PIPELINES]).ask("POST", "/api/v1/pipelines/", {"name": "p"}).status == 201


def test_all_defects_of_a_body_are_told_at_once_each_with_its_place() -> None:
    steps = [{"type": "wait", "seconds": "3", "branch": "x"}, {"type": "zzz"}, {}, {"type": "build"}]
    body = {"kind": "odd", "phases": [{"name": "a", "steps": steps}], "inputs": {"n": "1"}, "x": 1}
    site = Site([PIPELINES])

    answer = site.ask("POST", "/api/v1/pipelines/", body)

    assert answer.status == 400
    assert {error["path"]: error["message"] for error in answer.json["errors"]} == {
        "name": "is required",
        "kind": "should be 'fast' or 'slow'",
        "phases[0].steps[0].seconds": "should be a valid integer",
        "phases[0].steps[0].branch": "is not a known field",
        "phases[0].steps[1].type": "should be one of build, wait",
        "phases[0].steps[2].type": "is required",
        "inputs.n": "should be a valid integer",
        "x": "is not a known field",
    }
    assert site.house.done == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"name": "p",\n  oops}', "malformed JSON at line 2, column 3: expecting property name"),
        (b'{"name": "p", "name": "q"}', "malformed JSON: name stands more than once in an object"),
        (b'{"name": NaN}', "malformed JSON: NaN is no JSON"),
        (b'{"name": "\xff"}', "malformed JSON: byte 10 is not UTF-8"),
        (b'{"name": "\\ud800"}', "malformed JSON: half of a surrogate pair stands alone"),
        (b'{"inputs": ' + b"9" * 5000 + b"}", "malformed JSON: a number has 5000 digits"),
        (b'{"inputs": 1e999}', "malformed JSON: the number 1e999 is too large"),
        (b"[" * 100_000, "malformed JSON: nested too deeply"),
        (b"[" * 300 + b"]" * 300, "malformed JSON: nested over 200 levels deep"),
        (b"", "a JSON body is needed"),
        (b"[]", "should be an object"),
    ],
)
def test_hostile_json_is_refused_with_its_place(body: bytes, message: str) -> None:
    answer = Site([PIPELINES]).ask("POST", "/api/v1/pipelines/", body)

    assert answer.status == 400
    assert answer.json["errors"][0]["message"].startswith(message)


def test_a_body_over_the_limit_is_413() -> None:
    body = b'{"name":"' + b"x" * 6 * 1024 * 1024 + b'"}'

    assert Site([PIPELINES]).ask("POST", "/api/v1/pipelines/", body).status == 413


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "text/plain", "", "application/json"])
def test_any_content_type_carries_json(media: str) -> None:
    answer = Site([PIPELINES]).ask("POST", "/api/v1/pipelines/", {"name": "p"}, headers={"Content-Type": media})

    assert answer.status == 201


def test_a_lenient_body_ignores_unknown_fields() -> None:
    assert Site([NOTICES]).ask("POST", "/api/v1/notices", {"name": "n", "more": 1}).json == {"name": "n"}


def test_an_optional_body_still_says_what_it_lacks() -> None:
    assert Site([NOTICES]).ask("POST", "/api/v1/notices").json["errors"] == [{"path": "name", "message": "is required"}]


def test_a_query_is_read_as_a_shape() -> None:
    answer = Site([PAGES]).ask("GET", "/api/v1/pages/?page_size=7&full=true&more=1")

    assert answer.json == {"page_size": 7, "full": True}


def test_all_defects_of_a_query_are_told_at_once() -> None:
    answer = Site([PAGES]).ask("GET", "/api/v1/pages/?page_size=0&full=maybe&full=no")

    assert [error["path"] for error in answer.json["errors"]] == ["page_size", "full"]


def test_replies_reach_the_wire_as_they_are() -> None:
    cookies = Reply(headers={"Set-Cookie": ("a=1", "b=2")})
    site = Site(
        [
            replying("GET /bytes", bytes_reply(b"\x00\xff", "image/png")),
            replying("GET /odd", bytes_reply(b"\xff", "text/plain")),
            replying("GET /page", html_reply("<p>é</p>", "default-src 'none'")),
            replying("GET /there", redirect_reply("https://x.example/a b?c=d%20e\n")),
            replying("GET /cookies", cookies),
        ]
    )

    assert site.ask("GET", "/bytes").content == b"\x00\xff"
    assert site.ask("GET", "/odd").content == b"\xff"
    assert site.ask("GET", "/page").text == "<p>é</p>"
    assert site.ask("GET", "/there").headers["Location"] == "https://x.example/a%20b?c=d%20e%0A"
    assert site.ask("GET", "/there").status == 302
    assert site.ask("GET", "/cookies").several == {"Set-Cookie": ["a=1", "b=2"]}


def test_a_line_break_never_gets_into_a_header() -> None:
    with pytest.raises(ValueError, match="line break"):
        Reply(headers={"Set-Cookie": ("a=1", "b\r\nX: y")})


def test_the_root_is_served() -> None:
    assert Site([replying("GET /", text_reply("hello"))]).ask("GET", "/").text == "hello"


def test_two_rows_of_one_method_and_path_are_refused() -> None:
    with pytest.raises(ValueError, match="served twice"):
        Site([echoing("GET /x/{a}"), echoing("GET /x/{b}/")])


@pytest.mark.parametrize("route", ["GET x", "GET", "FETCH /x", "GET /x/a{b}", "GET /x//y"])
def test_a_route_that_is_none_is_refused(route: str) -> None:
    with pytest.raises(ValueError, match=r"no route|unknown methods|whole segment"):
        echoing(route)


def test_a_reader_that_does_not_fit_its_verb_is_refused_by_the_type_checker() -> None:
    # Unused ignores are errors to mypy: this test fails in `make lint` when a misfit row would pass.
    operation(  # type: ignore[misc]  # the reader answers nothing, the verb takes a Named
        STATE, "GET /x", read=read_nothing, verb=keep, show=show_name, permission=AUTHENTICATED, about=about()
    )
    operation(  # type: ignore[misc]  # the verb answers a name, the shower takes nothing
        STATE, "GET /x", read=read_pipeline, verb=keep, show=show_none, permission=AUTHENTICATED, about=about()
    )


def test_a_row_without_a_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError):
        operation(STATE, "GET /x", read=read_pipeline, verb=keep, show=show_name, about=about())  # type: ignore[call-arg]  # no permission


def test_a_dialect_behind_the_fallback_gets_no_resources_of_its_own() -> None:
    row = echoing("GET /x/{a}")
    dialect = type(STATE)(
        name="deploy", title="Deploy", prefixes=("/x",), manner=STATE.manner, mounting=Mounting.FALLBACK
    )
    behind = type(row)(**{name: getattr(row, name) for name in row.__slots__} | {"dialect": dialect})

    site = Site([behind])

    assert set(site.routes) == {"/", "/{proxy+}"}
    assert site.ask("GET", "/x/1").json == {"a": "1"}
