"""Calling other people's addresses, over real HTTP on loopback."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread

import pytest

from chalicelib.gateways.outside import LONGEST_ANSWER, HttpOutside, is_public
from chalicelib.use_cases.ports.clock import Called
from tests.http_server import HttpServer

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
    with HttpServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever)
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

    with HttpServer(("127.0.0.1", 0), Endless) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        called = OURS.post(f"http://127.0.0.1:{server.server_port}/", {}, b"")
        thread.join()
    assert called.status == 200
    assert 0 < len(called.text) <= LONGEST_ANSWER
    assert Endless.said < 1 << 28


class Dripping:
    """Sends a letter of a header every few milliseconds, without end."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                Thread(target=self._drip, args=(self._listener.accept()[0],), daemon=True).start()

    def _drip(self, wire: socket.socket) -> None:
        with wire, suppress(OSError):
            wire.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                time.sleep(0.05)
                wire.sendall(b"X")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def dripping() -> Iterator[Dripping]:
    made = Dripping()
    yield made
    made.close()


def test_a_whole_call_ends_at_its_deadline_however_the_answer_drips(dripping: Dripping) -> None:
    begun = time.monotonic()

    called = HttpOutside(allows_private=True, seconds=1).post(f"http://127.0.0.1:{dripping.port}/", {}, b"")

    assert time.monotonic() - begun < 3
    assert (called.status, called.text) == (0, "TimeoutError: no whole answer within 1 s")


def test_name_servers_that_do_not_answer_take_no_longer_than_the_call_may() -> None:
    never = Event()
    slow = HttpOutside(seconds=0.3, resolve=lambda _, __: str(never.wait(20)))
    begun = time.monotonic()

    called = slow.post("http://slow.example/", {}, b"")
    never.set()

    assert time.monotonic() - begun < 3
    assert "slow.example was not resolved in time" in called.text


def test_an_answer_whose_body_does_not_come_is_an_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with ThreadPoolExecutor() as threads:
            called = threads.submit(HttpOutside(allows_private=True, seconds=0.5).post, address, {}, b"")
            wire, _ = listener.accept()
            wire.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n")

            assert called.result() == Called(status=202)
            wire.close()


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
