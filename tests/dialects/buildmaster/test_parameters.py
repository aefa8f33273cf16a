"""Parameters as clients send them, and the laws that hold wherever they stand."""

import json
from enum import StrEnum
from urllib.parse import parse_qs, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dialects.buildmaster.parameters import Parameters, read_parameters
from chalicelib.http.query import Query
from chalicelib.http.request import FORM, Request
from chalicelib.kernel.faults import Invalid
from tests.builders import NOON

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
NAMES = st.text("abcdeXYZ0_$", min_size=1, max_size=6)
UNIQUE = st.lists(st.tuples(NAMES, TEXTS), unique_by=lambda pair: pair[0].lower(), max_size=6)
PLACES = st.lists(st.sampled_from(["query", "body"]), min_size=6, max_size=6)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def a_request(query: str = "", content: bytes = b"", media: str = "") -> Request:
    values = {name: tuple(texts) for name, texts in parse_qs(query, keep_blank_values=True).items()}
    headers = {"content-type": media} if media else {}
    return Request(
        method="POST",
        path="/api/releases",
        parameters={},
        query=Query(values, declared=None),
        headers=headers,
        content=content,
        principal=None,
        id="",
        seed="",
        now=NOON,
    )


def defects(parameters: Parameters) -> list[str]:
    with pytest.raises(Invalid) as caught:
        parameters.check()
    return [str(defect) for defect in caught.value.defects]


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"applicationId=7&$branch=main", FORM),
        (b"applicationId=7&%24branch=main", f"{FORM}; charset=UTF-8"),
        (b'{"applicationId": 7, "$branch": "main"}', "application/json"),
        (b'{"applicationId": "7", "$branch": "main", "reason": null}', "text/json; charset=utf-8"),
        (b' {"APPLICATIONID": 7, "$branch": "main"}', FORM),
        (b"ApplicationID=7&$branch=main", "text/plain"),
    ],
)
def test_every_form_of_a_body_says_the_same(content: bytes, media: str) -> None:
    read = read_parameters(a_request("releaseNumber=1.0&releaseName=", content, media))
    read.check()

    assert (read.whole("applicationId"), read.text("releaseNumber")) == (7, "1.0")
    assert read.given("releaseName", "reason") == ()
    assert read.variables == {"branch": "main"}


def test_an_empty_body_of_any_type_says_nothing() -> None:
    read = read_parameters(a_request("applicationId=-1", b"", "text/plain"))

    assert read.whole("applicationId") == -1


@pytest.mark.parametrize(
    ("query", "content", "media"),
    [
        ("number=1&number=1", b"", ""),
        ("number=1&NUMBER=", b"", ""),
        ("number=1", b"Number=1", FORM),
        ("number=1", b'{"numbeR": 2}', "application/json"),
        ("", b"number=1&number=1", FORM),
        ("$number=1", b"%24Number=1", FORM),
        ("key=1", b"key=1", FORM),
    ],
)
def test_the_same_key_twice_is_refused_wherever_it_stands(query: str, content: bytes, media: str) -> None:
    (defect,) = defects(read_parameters(a_request(query, content, media)))

    assert defect.endswith(": is given more than once")


def test_numbers_of_json_stay_as_they_are_written() -> None:
    read = read_parameters(a_request("", b'{"a": 1.10, "b": 1e2, "c": true, "d": false}', "application/json"))

    assert [read.text(name) for name in "abcd"] == ["1.10", "1e2", "true", "false"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[1]", "the body should be a JSON object"),
        (b'{"a": 1, "a": 2}', "malformed JSON: a stands more than once in an object"),
        (b"{", "malformed JSON"),
    ],
)
def test_a_body_that_is_no_object_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said.replace("[", r"\[")):
        read_parameters(a_request("", content, "application/json"))


def test_lists_and_objects_are_ignored_where_nobody_reads_them() -> None:
    read = read_parameters(a_request("", b'{"a": [1], "b": {}, "$c": []}', "application/json"))

    assert read.whole("b") is None
    assert defects(read) == [f"{name}: should be a text, a number or a boolean" for name in ("$c", "b")]


def test_all_defects_are_raised_at_once() -> None:
    read = Parameters([("id", "x"), ("force", "maybe"), ("status", "green"), ("ok", "TRUE"), ("colour", "RED")])

    assert (read.whole("id"), read.flag("force"), read.word("status", Colour)) == (None, False, None)
    assert (read.flag("ok"), read.flag("absent"), read.word("Colour", Colour)) == (True, False, Colour.RED)
    assert read.needed("name") == ""
    assert defects(read) == [
        "id: should be a whole number",
        "force: should be true or false",
        "status: should be red or blue",
        "name: is required",
    ]


@pytest.mark.parametrize("text", ["1.0", "+1", "٣", "1 2", "9" * 19, "--1", "-"])
def test_what_is_no_integer_is_no_id(text: str) -> None:
    read = Parameters([("id", text)])

    assert read.whole("id") is None
    assert defects(read) == ["id: should be a whole number"]


@given(UNIQUE, PLACES, st.booleans())
def test_where_a_parameter_stands_makes_no_difference(
    pairs: list[tuple[str, str]], places: list[str], is_json: bool
) -> None:
    query = [pair for pair, place in zip(pairs, places, strict=False) if place == "query"]
    body = [pair for pair, place in zip(pairs, places, strict=False) if place == "body"]
    content = json.dumps(dict(body)).encode() if is_json else urlencode(body, quote_via=quote).encode()
    mixed = read_parameters(
        a_request(urlencode(query, quote_via=quote), content, "application/json" if is_json else FORM)
    )
    alone = Parameters(pairs)
    mixed.check()

    assert mixed.variables == alone.variables
    assert [mixed.text(name.swapcase()) for name, _ in pairs] == [text for _, text in pairs]


@given(UNIQUE.filter(bool), st.data())
def test_a_key_given_twice_is_refused_in_any_case_and_place(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name, _ in pairs]))
    written = data.draw(st.sampled_from([name, name.upper(), name.lower(), name.swapcase()]))
    place = data.draw(st.integers(0, len(pairs)))
    both = [*pairs[:place], (written, data.draw(TEXTS)), *pairs[place:]]

    (defect,) = defects(Parameters(both))
    assert defect.lower() == f"{name.lower()}: is given more than once"
