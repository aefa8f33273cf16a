"""Connections: what is kept open, by which proxy one goes, where a redirect leads, and to whom a password is shown."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from urllib3 import Timeout
from urllib3.exceptions import HTTPError, LocationValueError

from slipway.connections import Connections, HttpRequest, content_of, is_success, named
from tests.slipway.http import Answer, Say, Web, web

TIMEOUT = Timeout(connect=5, read=5)
PASSWORD = "Basic " + base64.b64encode(b"me:p w").decode()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def place() -> Iterator[Web]:
    with web() as place:
        yield place


@pytest.fixture
def other() -> Iterator[Web]:
    with web() as place:
        yield place


@pytest.fixture
def connections() -> Iterator[Connections]:
    with Connections() as connections:
        yield connections


def a_get(url: str) -> HttpRequest:
    return HttpRequest(method="GET", url=url, timeout=TIMEOUT)


def followed(connections: Connections, url: str) -> bytes:
    with connections.follow(a_get(url)) as answer:
        assert is_success(answer)
        return b"".join(content_of(answer, decoded=True))


def test_a_redirect_is_an_answer_unless_it_is_to_be_followed(place: Web, connections: Connections) -> None:
    place.say(Say(status=302, headers={"Location": "/there"}))

    answer = connections.send(a_get(f"{place.address}/here"))

    assert (answer.status, answer.get_redirect_location(), len(place.asked)) == (302, "/there", 1)


def test_redirects_lead_to_the_content(place: Web, connections: Connections) -> None:
    place.say(Say(status=302, headers={"Location": "../there?a=1"}), Say(content=b"found"))

    assert followed(connections, f"{place.address}/x/here") == b"found"
    assert [asked.target for asked in place.asked] == ["/x/here", "/there?a=1"]


def test_redirects_in_a_circle_end(place: Web, connections: Connections) -> None:
    place.say(Say(status=302, headers={"Location": "/"}))

    with pytest.raises(HTTPError, match="too many redirects"):
        connections.follow(a_get(place.address))


def test_a_password_of_the_address_is_shown_to_its_host_alone(place: Web, other: Web, connections: Connections) -> None:
    own = place.address.replace("//", "//me:p%20w@")
    other.say(Say(content=b"found"))
    place.answer = _first_within(place, other)

    assert followed(connections, own) == b"found"
    assert [asked.headers.get("Authorization") for asked in (*place.asked, *other.asked)] == [PASSWORD, PASSWORD, None]


def _first_within(place: Web, other: Web) -> Answer:
    leads = {"/": f"{place.address}/there", "/there": f"{other.address}/elsewhere"}
    return lambda asked: Say(status=302, headers={"Location": leads[asked.target]})


def test_a_proxy_of_the_environment_is_asked_for_what_is_far(
    place: Web, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", place.address.replace("//", "//me:p%20w@"))
    place.say(Say(content=b"by proxy"))

    answer = connections.send(a_get("http://far.example/x"))

    assert (answer.data, place.asked[0].target) == (b"by proxy", "http://far.example/x")
    assert place.asked[0].headers["proxy-authorization"] == PASSWORD


@pytest.mark.parametrize(("is_near", "excepted"), [(True, ""), (False, "127.0.0.1")])
def test_no_proxy_is_asked_for_what_is_near_or_excepted(
    place: Web, other: Web, monkeypatch: pytest.MonkeyPatch, *, is_near: bool, excepted: str
) -> None:
    monkeypatch.setenv("http_proxy", other.address)
    monkeypatch.setenv("no_proxy", excepted)
    place.say(Say(content=b"itself"))

    with Connections(is_near=is_near) as connections:
        assert connections.send(a_get(place.address)).data == b"itself"
    assert other.asked == []


def test_each_hop_of_a_redirect_has_its_own_proxy(
    place: Web, other: Web, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", other.address)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    place.say(Say(status=302, headers={"Location": "http://far.example/x"}))
    other.say(Say(content=b"by proxy"))

    assert followed(connections, place.address) == b"by proxy"


@pytest.mark.parametrize("url", ["localhost:8080/x", "ftp://host/x", "http://[x", "http://host:port/"])
def test_what_is_no_address_is_said_without_it(connections: Connections, url: str) -> None:
    with pytest.raises(LocationValueError) as caught:
        connections.send(a_get(url))

    assert named(caught.value) == "its address cannot be understood"


@pytest.mark.parametrize(
    ("say", "words"), [(Say(hang_up=True), "closed connection"), (Say(content=b"12345", cut=3), "IncompleteRead")]
)
def test_what_broke_off_is_named_without_the_address(
    place: Web, connections: Connections, say: Say, words: str
) -> None:
    place.say(say)

    with pytest.raises(HTTPError) as caught:
        connections.send(a_get(f"{place.address}/?signature=secret"))

    assert words in named(caught.value)
    assert "secret" not in named(caught.value)


def test_nobody_there_is_named_without_the_address(connections: Connections) -> None:
    with pytest.raises(HTTPError) as caught:
        connections.send(a_get("http://127.0.0.1:9/?signature=secret"))

    assert "refused" in named(caught.value)
    assert "127.0.0.1" not in named(caught.value)


def test_a_body_that_is_read_while_it_is_sent_arrives(place: Web, connections: Connections) -> None:
    place.say(Say(headers={"ETag": "e"}))
    headers = {"Content-Length": "4"}

    answer = connections.send(
        HttpRequest(method="PUT", url=place.address, timeout=TIMEOUT, headers=headers, body=iter((b"ab", b"cd")))
    )

    assert (answer.headers["ETag"], place.asked[0].content) == ("e", b"abcd")
    assert "Transfer-Encoding" not in place.asked[0].headers


def test_over_plain_http_no_certificates_are_read(
    place: Web, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/certificates/that/are/nowhere")
    place.say(Say())

    assert connections.send(a_get(place.address)).status == 200
