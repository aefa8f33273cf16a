"""Asking the API: what is tried again, what is not, and what is said when it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from slipway.client import ApiRequest, Client, Manners, segment
from slipway.client_error import ApiError, Problem, refused
from tests.slipway.http import Say, Web, say_json, web

HASTY = Manners(timeout=5, patience=5, pauses=(0.001, 0.002))


@pytest.fixture
def place() -> Iterator[Web]:
    with web() as place:
        yield place


@pytest.fixture
def client(place: Web) -> Iterator[Client]:
    with Client(place.address, "sw_token", HASTY) as client:
        yield client


def test_the_token_is_shown(place: Web, client: Client) -> None:
    place.say(say_json({"a": 1}))

    assert client.get("/x", after="1 2") == {"a": 1}

    assert (place.asked[0].target, place.asked[0].headers["Authorization"]) == ("/x?after=1+2", "Bearer sw_token")


@pytest.mark.parametrize("trouble", [Say(status=503), Say(status=429), Say(hang_up=True)])
def test_trouble_that_passes_is_not_seen(place: Web, client: Client, trouble: Say) -> None:
    place.say(trouble, trouble, say_json("well"))

    assert client.get("/x") == "well"


def test_a_post_is_tried_again_under_one_key(place: Web, client: Client) -> None:
    place.say(Say(hang_up=True), Say(status=503), say_json({}))

    client.post("/x", {"a": 1})

    keys = {asked.headers["Idempotency-Key"] for asked in place.asked}
    assert (len(place.asked), len(keys)) == (3, 1)


def test_a_post_with_a_nonce_needs_no_key(place: Web, client: Client) -> None:
    place.say(Say(hang_up=True), say_json({}))

    client.json(ApiRequest(method="POST", path="/x", body={"nonce": "n"}, again=True))

    assert [asked.headers.get("Idempotency-Key") for asked in place.asked] == [None, None]


def test_a_first_try_still_at_work_is_waited_for(place: Web, client: Client) -> None:
    message = "the first ask with this Idempotency-Key is still at work"
    place.say(Say(hang_up=True), say_json({"message": message, "errors": []}, 409), say_json("done"))

    assert client.post("/x") == "done"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500])
def test_a_refusal_is_not_tried_again(place: Web, client: Client, status: int) -> None:
    place.say(say_json({"message": "no", "errors": []}, status))

    with pytest.raises(ApiError) as caught:
        client.get("/x")

    assert (caught.value.status, caught.value.message, len(place.asked)) == (status, "no", 1)


def test_patience_ends(place: Web) -> None:
    place.say(Say(status=503, headers={"Retry-After": "1"}))

    with Client(place.address, "", Manners(patience=0.5)) as client, pytest.raises(ApiError) as caught:
        client.get("/x")

    assert (caught.value.status, len(place.asked)) == (503, 1)


def test_nobody_at_the_address_is_said_with_a_hint() -> None:
    with Client("http://127.0.0.1:9", "", Manners(patience=0)) as client, pytest.raises(ApiError) as caught:
        client.get("/x")

    error = caught.value
    assert (error.status, error.message) == (0, "nobody answers at http://127.0.0.1:9")
    assert "make up" in error.hint


def test_a_client_that_is_cut_asks_nothing(place: Web, client: Client) -> None:
    client.cut("the lease is lost")

    with pytest.raises(ApiError, match="the lease is lost"):
        client.put("/x")

    assert place.asked == []


def test_an_answer_that_is_no_json_is_an_error(place: Web, client: Client) -> None:
    place.say(Say(content=b"<html>"))

    with pytest.raises(ApiError, match="does not answer JSON"):
        client.get("/x")


def test_every_defect_of_an_input_is_told() -> None:
    error = refused(
        "PUT /x", 400, '{"message": "the input is wrong", "errors": [{"path": "a", "message": "is empty"}]}'
    )

    assert error.problems == (Problem(path="a", message="is empty"),)
    assert str(error) == "the input is wrong; a: is empty"


def test_a_single_defect_is_told_once() -> None:
    error = refused("PUT /x", 400, '{"message": "a: is empty", "errors": [{"path": "a", "message": "is empty"}]}')

    assert str(error) == "a: is empty"


def test_refusals_of_the_deploy_api_are_understood() -> None:
    detail = {"path": "tasks[1].dependance", "message": "no task x"}
    content = {"error": {"code": "UNKNOWN_DEPENDANCE", "message": "it is wrong", "details": [detail]}}

    error = refused("POST /x", 400, json.dumps(content))

    assert (error.message, error.problems) == ("it is wrong", (Problem(path=detail["path"], message="no task x"),))


@pytest.mark.parametrize(
    ("code", "hint"), [("NAME_IN_USE", "take another name"), ("DESTINATION_NEEDS_SOURCE", "REPOSITORY/DIRECTORY")]
)
def test_a_code_of_the_deploy_api_says_what_to_do_next(code: str, hint: str) -> None:
    content = {"error": {"code": code, "message": "it is refused", "details": []}}

    assert hint in refused("POST /x", 409, json.dumps(content)).hint


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "GET /x answers 404"),
        ("plain\n", "plain"),
        ("[1]", "[1]"),
        ("{}", "GET /x answers 404"),
        ('{"error": "no"}', "GET /x answers 404"),
    ],
)
def test_refusals_in_other_manners_are_understood(body: str, message: str) -> None:
    assert refused("GET /x", 404, body).message == message


def test_a_name_is_one_segment_of_a_path() -> None:
    assert segment("a/b c?") == "a%2Fb%20c%3F"
