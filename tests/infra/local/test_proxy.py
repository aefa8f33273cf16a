"""Requests to services: carried to pods in turn, without what is the platform's; refused as the app says."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from infra.local.api.gateway import Answer, Call, refused
from infra.local.api.proxy import ServiceProxy
from infra.local.pod_networks import networks_of, pod_address
from tests.http_server import HttpServer

Json = dict[str, Any]


class Pod(BaseHTTPRequestHandler):
    """A pod that says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/slow"):
            time.sleep(1)
            return
        told = {"method": self.command, "path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}}
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        text = json.dumps({**told, "body": body.decode()}).encode()
        self.send_response(302 if self.path.startswith("/away") else 200)
        for name, value in (("Location", "/home?x=1"), ("Set-Cookie", "authtoken=stolen"), ("Set-Cookie", "own=1")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(kind: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a pod of this kind."""
    server = HttpServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class App:
    """The app, as far as services are looked for. answers: by path."""

    answers: dict[str, Answer]
    asked: list[Call] = field(default_factory=list)

    async def __call__(self, call: Call) -> Answer:
        self.asked.append(call)
        return self.answers.get(call.path, refused(404, "none"))


def endpoint(*addresses: str, timeout_ms: int = 5000, sticky: bool = False, rewrite: str = "/") -> Answer:
    said = {
        "prefix": "/hello/", "rewrite": rewrite, "timeout_ms": timeout_ms, "sticky_sessions": sticky,
        "addresses": list(addresses),
    }  # fmt: skip
    return Answer(status=200, headers=[], body=json.dumps(said).encode())


@dataclass
class Client:
    """One request through the proxy, and what came of it."""

    proxy: ServiceProxy
    sent: list[Json] = field(default_factory=list)

    async def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> bool:
        self.sent = []
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        is_sized = bool(body) and "transfer_encoding" not in headers
        pairs += [(b"content-length", str(len(body)).encode())] if is_sized else []
        scope: Json = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"q=1",
            "headers": pairs, "client": ("10.0.0.1", 1),
        }  # fmt: skip
        messages: list[Json] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Json:
            if messages:
                return messages.pop(0)
            await asyncio.sleep(60)
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
            self.sent.append(message)

        return await self.proxy.carry(scope, receive, send)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name.decode().lower(), value.decode()) for name, value in self.sent[0]["headers"]]

    @property
    def told(self) -> Json:
        told: Json = json.loads(b"".join(part.get("body", b"") for part in self.sent[1:]))
        return told


def carried(app: App, story: Callable[[Client], Any]) -> None:
    async def told() -> None:
        proxy = ServiceProxy(ask=app)
        try:
            await story(Client(proxy))
        finally:
            await proxy.close()

    asyncio.run(told())


def test_a_request_arrives_below_the_rewritten_path_without_credentials() -> None:
    with serving(Pod) as address:
        app = App({"/api/v1/services": endpoint(address)})

        async def story(client: Client) -> None:
            assert await client.ask(
                "/hello/a%2Fb", "POST", b"body", authorization="Bearer secret", cookie="authtoken=t; own=2",
                x_escape_token="secret", identity="ada", connection="x-hop", x_hop="1", accept="text/plain",
            )  # fmt: skip
            assert (client.told["method"], client.told["path"], client.told["body"]) == ("POST", "/a%2Fb?q=1", "body")
            headers = client.told["headers"]
            assert "secret" not in str(headers)
            assert {"identity", "x-hop", "authorization"}.isdisjoint(headers)
            assert (headers["cookie"], headers["accept"]) == ("own=2", "text/plain")
            assert (headers["x-forwarded-for"], headers["x-forwarded-prefix"]) == ("10.0.0.1", "/hello/")

        carried(app, story)


def test_an_answer_sets_no_cookie_of_the_platform_and_has_no_origin() -> None:
    with serving(Pod) as address:
        app = App({"/api/v1/services": endpoint(address)})

        async def story(client: Client) -> None:
            assert await client.ask("/hello/away")
            assert client.status == 302
            assert [value for name, value in client.headers if name == "set-cookie"] == ["own=1"]
            assert dict(client.headers)["location"] == "/hello/home?x=1"
            assert dict(client.headers)["content-security-policy"].startswith("sandbox")

        carried(app, story)


@pytest.mark.parametrize("status", [401, 403, 503])
def test_the_app_refuses_whom_it_does_not_let_in(status: int) -> None:
    async def story(client: Client) -> None:
        assert await client.ask("/hello/")
        assert client.status == status

    carried(App({"/api/v1/services": refused(status, "no")}), story)


def test_where_there_is_no_service_the_app_itself_answers() -> None:
    async def story(client: Client) -> None:
        assert not await client.ask("/hello/")

    carried(App({}), story)


def test_what_needs_no_login_is_open_to_anybody() -> None:
    with serving(Pod) as address:
        app = App({"/api/v1/services": refused(401, "who?"), "/api/v1/services/open": endpoint(address)})

        async def story(client: Client) -> None:
            assert await client.ask("/hello/")
            assert client.status == 200

        carried(app, story)


def test_the_app_is_asked_once_a_second_for_each_caller() -> None:
    with serving(Pod) as address:
        app = App({"/api/v1/services": endpoint(address)})

        async def story(client: Client) -> None:
            times = iter([0.0, 0.9, 0.9, 1.1])
            client.proxy.now = lambda: next(times)
            for token in ("a", "a", "b", "a"):
                await client.ask("/hello/", authorization=token)

        carried(app, story)
        assert [dict(call.headers)["authorization"] for call in app.asked] == ["a", "b", "a"]


def test_a_change_that_another_site_causes_is_asked_for_without_cookies() -> None:
    app = App({})

    async def story(client: Client) -> None:
        for method, site in (("POST", "cross-site"), ("POST", "same-site"), ("POST", "same-origin"), ("GET", "none")):
            await client.ask("/hello/", method, cookie="authtoken=t", sec_fetch_site=site)

    carried(app, story)
    assert ["cookie" in dict(call.headers) for call in app.asked] == [False, False, True, True]


def test_pods_take_turns_and_one_that_is_gone_is_passed_over() -> None:
    with serving(Pod) as first, serving(Pod) as second:
        app = App({"/api/v1/services": endpoint(first, "http://127.0.0.1:9", second)})

        async def story(client: Client) -> None:
            for _ in range(6):
                assert await client.ask("/hello/")
                assert client.status == 200

        carried(app, story)


def test_a_service_of_which_no_pod_can_be_reached_is_a_bad_gateway() -> None:
    async def story(client: Client) -> None:
        assert await client.ask("/hello/")
        assert client.status == 502

    carried(App({"/api/v1/services": endpoint("http://127.0.0.1:9")}), story)


def test_a_pod_on_another_host_is_never_asked() -> None:
    with serving(Pod) as elsewhere:

        async def story(client: Client) -> None:
            assert await client.ask("/hello/")
            assert client.status == 502

        there = elsewhere.removeprefix("http://")
        addresses = ("http://10.0.0.7:80", "http://127.0.0.1.example:80", f"http://127.0.0.1:80@{there}")
        carried(App({"/api/v1/services": endpoint(*addresses)}), story)


def test_a_body_of_no_known_length_arrives_whole() -> None:
    class Chunked(Pod):
        def do_POST(self) -> None:
            parts = list(iter(lambda: self.rfile.readline().strip(), b"0"))
            self.rfile.readline()
            text = json.dumps({"parts": [part.decode() for part in parts]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    with serving(Chunked) as address:

        async def story(client: Client) -> None:
            assert await client.ask("/hello/", "POST", b"body", transfer_encoding="chunked")
            assert client.told["parts"] == ["4", "body"]

        carried(App({"/api/v1/services": endpoint(address)}), story)


def test_nothing_is_added_that_would_have_the_service_answer_otherwise() -> None:
    with serving(Pod) as address:
        app = App({"/api/v1/services": endpoint(address)})

        async def story(client: Client) -> None:
            assert await client.ask("/hello/caf\u00e9")
            assert client.told["path"] == "/caf%C3%A9?q=1"
            forwarded = {f"x-forwarded-{what}" for what in ("for", "host", "prefix", "proto")}
            assert client.told["headers"].keys() == {"host", *forwarded}

        carried(app, story)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("http://10.244.1.7:80", True), ("http://[fd00::7]:80", True), ("http://10.245.1.7:80", False),
        ("http://pod.example:80", False), ("http://10.244.1.7:port", False), ("https://10.244.1.7:80", False),
        ("", False), ("http://10.244.1.7:80@10.244.1.8:80", False), ("http://10.244.1.7:80/x", False),
        ("http://10.244.1.7", False),
    ],
)  # fmt: skip
def test_pods_of_a_cluster_are_asked_in_its_networks_alone(address: str, may: bool) -> None:
    assert (pod_address(address, networks_of("10.244.0.0/16, fd00::/8")) is not None) is may
    assert pod_address(address, networks_of("")) is None


def test_a_service_that_does_not_answer_in_time_is_a_gateway_timeout() -> None:
    with serving(Pod) as address:

        async def story(client: Client) -> None:
            assert await client.ask("/hello/slow")
            assert client.status == 504

        carried(App({"/api/v1/services": endpoint(address, timeout_ms=100)}), story)


@pytest.mark.parametrize("path", ["/", "/api/v1/x", "/v1/task/", "/docs", "/favicon.ico", "/openapi.json"])
def test_the_platforms_own_paths_are_never_asked_about(path: str) -> None:
    assert not ServiceProxy(ask=App({})).may_have(path)


def test_an_answer_is_passed_on_while_it_grows() -> None:
    class Stream(Pod):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (b"one", b"two"):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()
                time.sleep(0.2)
            self.wfile.write(b"0\r\n\r\n")

    with serving(Stream) as address:

        async def story(client: Client) -> None:
            assert await client.ask("/hello/")
            assert [part["body"] for part in client.sent[1:]] == [b"one", b"two", b""]
            assert not any(name == "transfer-encoding" for name, _ in client.headers)

        carried(App({"/api/v1/services": endpoint(address)}), story)
