"""Bodies and queries: taken in the shape that a row names, or refused with every defect."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field

from chalicelib.http.operation import Flag, Handling, Schema
from chalicelib.http.permission import PUBLIC
from chalicelib.http.reply import (
    Reply,
    json_reply,
)
from chalicelib.http.request import Request
from chalicelib.http.shape import LenientShape, Shape
from tests.http.house import House, Site
from tests.http.rows import THINGS


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


class Notice(LenientShape):
    name: str


@dataclass(frozen=True)
class Named:
    name: str


def read_pipeline(request: Request) -> Named:
    return Named(request.body(Pipeline).name)


def read_notice(request: Request) -> Named:
    return Named(request.optional_body(Notice).name)


def keep(house: House, ask: Named) -> str:
    house.done.append(ask.name)
    return ask.name


def show_name(name: str) -> Reply:
    return json_reply({"name": name})


PIPELINES = THINGS.operation(
    "POST /api/v1/pipelines/",
    "Add a pipeline.",
    PUBLIC,
    Handling(read_pipeline, keep, show_name),
    schema=Schema(status=201),
)


NOTICES = THINGS.operation(
    "POST /api/v1/notices",
    "Take note.",
    PUBLIC,
    Handling(read_notice, keep, show_name),
    flags=frozenset({Flag.OPTIONAL_BODY}),
)


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
