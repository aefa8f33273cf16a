"""Calling other people's addresses, over real HTTP on loopback."""

from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from chalicelib.gateways.outside import LONGEST_ANSWER, HttpOutside, is_public
from chalicelib.use_cases.ports.clock import Called

OURS = HttpOutside(allows_private=True, seconds=2)


class Answering(BaseHTTPRequestHandler):
    """Says what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if self.path == "/away" else 200)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        self.wfile.write(f"{self.path} {self.headers['Host']} {self.headers['X-Key']} ".encode() + body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Of a server that answers."""
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_post_carries_path_headers_and_body(port: int) -> None:
    called = OURS.post(f"http://localhost:{port}/hook?a=1", {"X-Key": "k"}, b"news")
    assert called == Called(status=200, text=f"/hook?a=1 localhost:{port} k news")


def test_a_redirect_is_not_followed(port: int) -> None:
    assert OURS.post(f"http://127.0.0.1:{port}/away", {}, b"").status == 302


def test_of_an_endless_answer_the_beginning_is_read() -> None:
    class Endless(BaseHTTPRequestHandler):
        """Says more than anybody wants to hear, and tells how much of it was heard."""

        said = 0

        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while Endless.said < 1 << 28:
                    Endless.said += self.wfile.write(b"x" * (1 << 16))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Endless) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        called = OURS.post(f"http://127.0.0.1:{server.server_port}/", {}, b"")
        thread.join()
    assert called.status == 200
    assert 0 < len(called.text) <= LONGEST_ANSWER
    assert Endless.said < 1 << 28


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("224.0.0.1", False),
        ("100.64.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_an_address_that_hides_another_is_not_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_nobody_there_is_told_by_status_0() -> None:
    assert OURS.post("http://127.0.0.1:1/", {}, b"").status == 0


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/"],
)
def test_private_addresses_are_refused(url: str) -> None:
    called = HttpOutside().post(url, {}, b"")
    assert called.status == 0
    assert "not a public address" in called.text


def test_a_public_name_that_resolves_to_loopback_is_refused() -> None:
    called = HttpOutside(resolve=lambda _, __: "127.0.0.1").post("http://innocent.example/", {}, b"")
    assert "not a public address" in called.text


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "http://", "http://user:secret@example.com/", "x"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert "is no address that can be called" in OURS.post(url, {}, b"").text
