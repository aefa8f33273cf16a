"""Requests become events and answers become responses, as API Gateway does it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from chalice.app import Chalice, Response

from infra.local.api.gateway import Answer, Call, Gateway, answer_of, gateway_of
from tests.infra.local import small


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return gateway_of(small.app)


def call(method: str, path: str, body: bytes = b"", **headers: str) -> Call:
    path, _, query = path.partition("?")
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Call(method=method, path=path, query=query, headers=pairs, body=body, caller="127.0.0.1")


def header(answer: Answer, name: bytes) -> list[bytes]:
    return [value for other, value in answer.headers if other.lower() == name]


def test_a_slash_inside_a_segment_stays_raw(gateway: Gateway) -> None:
    told = json.loads(gateway.answer(call("GET", "/things/a%2Fb%20c")).body)

    assert told["resource"] == "/things/{thing}"
    assert told["parameters"] == {"thing": "a%2Fb%20c"}


def test_a_query_keeps_every_value(gateway: Gateway) -> None:
    told = json.loads(gateway.answer(call("GET", "/things/a?x=1&x=%C3%A9&y")).body)

    assert told["query"] == {"x": ["1", "é"], "y": [""]}


@pytest.mark.parametrize("body", [b"", b"{}", "é".encode(), b"\xff\xfe\x00", bytes(range(256))])
def test_a_body_of_any_kind_arrives_as_it_was(gateway: Gateway, body: bytes) -> None:
    told = json.loads(gateway.answer(call("POST", "/things/a", body)).body)

    assert (told["length"], told["hex"]) == (len(body), body[:64].hex())


def test_a_body_of_a_binary_type_arrives_as_it_was(gateway: Gateway) -> None:
    told = json.loads(gateway.answer(call("POST", "/things/a", b"abc", content_type="application/octet-stream")).body)

    assert told["hex"] == b"abc".hex()


def test_a_binary_answer_leaves_as_bytes(gateway: Gateway) -> None:
    answer = gateway.answer(call("GET", "/bytes/1000", accept="application/octet-stream"))

    assert answer.body == b"\xff" * 1000
    assert header(answer, b"content-length") == [b"1000"]


def test_a_header_with_several_values_leaves_as_several(gateway: Gateway) -> None:
    answer = gateway.answer(call("GET", "/things/a"))

    assert header(answer, b"set-cookie") == [b"a=1", b"b=2"]


def test_a_head_has_the_length_of_a_body_but_none(gateway: Gateway) -> None:
    answer = gateway.answer(call("HEAD", "/plain"))

    assert (answer.status, answer.body, header(answer, b"content-length")) == (200, b"", [b"14"])


def test_a_head_keeps_the_length_that_the_app_tells() -> None:
    answer = answer_of({"statusCode": 200, "headers": {"Content-Length": "99"}, "body": ""}, "HEAD")

    assert header(answer, b"content-length") == [b"99"]


def test_an_answer_without_content_has_no_length() -> None:
    answer = answer_of({"statusCode": 204, "headers": {}, "body": ""}, "DELETE")

    assert answer == Answer(status=204, headers=[], body=b"")


@pytest.mark.parametrize(("method", "path"), [("PATCH", "/plain"), ("GET", "/no/such/path"), ("DELETE", "/things/a")])
def test_whatever_no_resource_takes_goes_to_the_fallback(gateway: Gateway, method: str, path: str) -> None:
    answer = gateway.answer(call(method, path))

    assert (answer.status, json.loads(answer.body)) == (404, {"unknown": path[1:]})


def test_without_a_fallback_api_gateways_own_refusal_comes() -> None:
    answer = gateway_of(Chalice(app_name="empty")).answer(call("GET", "/x"))

    assert (answer.status, json.loads(answer.body)) == (403, {"message": "Missing Authentication Token"})


def test_a_preflight_is_answered_for_a_route_with_cors(gateway: Gateway) -> None:
    answer = gateway.answer(call("OPTIONS", "/things/special"))

    assert answer.status == 200
    assert header(answer, b"access-control-allow-methods") == [b"GET,OPTIONS"]
    assert header(answer, b"access-control-allow-origin") == [b"*"]


def test_an_exception_outside_the_view_is_a_502(gateway: Gateway) -> None:
    assert gateway.answer(call("GET", "/broken")).status == 502


def test_calls_at_once_do_not_see_one_another(gateway: Gateway) -> None:
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda n: gateway.answer(call("GET", f"/slow/{n}")), range(100)))

    told = [json.loads(answer.body) for answer in answers]
    assert told == [{"asked": str(n), "seen": str(n)} for n in range(100)]


def test_a_response_without_headers_has_its_length_alone() -> None:
    answer = answer_of(Response(body="x", headers={}).to_dict(), "GET")

    assert answer.headers == [(b"content-length", b"1")]
