"""The server over real HTTP and real WebSockets."""

import http.client
import json
import socket
import statistics
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.infra.local.conftest import Platform, eventually


@pytest.fixture
def wire(running: Platform) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    yield connection
    connection.close()


def ask(wire: http.client.HTTPConnection, method: str, path: str, **more: Any) -> tuple[int, bytes]:  # noqa: ANN401 - http.client's own
    wire.request(method, path, **more)
    response = wire.getresponse()
    return response.status, response.read()


def post_letter(running: Platform, queue: str, text: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    status, _ = ask(connection, "POST", f"/letters/{queue}", body=text.encode())
    connection.close()
    assert status == 200


def has_received(running: Platform, start: str, count: int) -> bool:
    return len(received(running, start)) == count


def received(running: Platform, start: str) -> list[tuple[str, float]]:
    rows = [line.split() for line in running.notes("letters")]
    return [(text, float(lag)) for text, lag in rows if text.startswith(start)]


def test_the_raw_path_reaches_the_app(wire: http.client.HTTPConnection) -> None:
    status, body = ask(wire, "GET", "/things/a%2Fb")

    assert (status, json.loads(body)["parameters"]) == (200, {"thing": "a%2Fb"})


def test_a_chunked_body_arrives_whole(wire: http.client.HTTPConnection) -> None:
    chunks = (b"x" * 1000 for _ in range(10))

    _, body = ask(wire, "POST", "/things/a", body=chunks, encode_chunked=True)

    assert json.loads(body)["length"] == 10_000


def test_an_upload_beyond_lambdas_limit_arrives_whole(wire: http.client.HTTPConnection) -> None:
    _, body = ask(wire, "POST", "/things/a", body=b"\xff" * 30_000_000)

    assert json.loads(body)["length"] == 30_000_000


def test_a_download_beyond_lambdas_limit_arrives_whole(wire: http.client.HTTPConnection) -> None:
    _, body = ask(wire, "GET", "/bytes/30000000", headers={"Accept": "application/octet-stream"})

    assert body == b"\xff" * 30_000_000


def test_a_head_leaves_the_connection_usable(wire: http.client.HTTPConnection) -> None:
    assert ask(wire, "HEAD", "/plain") == (200, b"")
    assert ask(wire, "GET", "/plain") == (200, b'{"it":"works"}')


def test_a_caller_that_hangs_up_mid_body_harms_nobody(running: Platform, wire: http.client.HTTPConnection) -> None:
    with socket.create_connection(("127.0.0.1", running.port)) as rude:
        rude.sendall(b"POST /things/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nonly this")

    assert ask(wire, "GET", "/plain")[0] == 200


def test_a_socket_hears_what_is_sent_to_it(running: Platform) -> None:
    with connect(f"ws://127.0.0.1:{running.port}/live") as socket_:
        socket_.send("hello")

        assert str(socket_.recv(60)).startswith("hello from ")


def test_a_socket_is_closed_after_what_was_sent_before(running: Platform) -> None:
    with connect(f"ws://127.0.0.1:{running.port}/live") as socket_:
        socket_.send("close")
        said = str(socket_.recv(60))
        with pytest.raises(ConnectionClosed):
            socket_.recv(60)

    eventually(lambda: said.rpartition(" ")[2] in running.notes("gone"))


def test_a_socket_that_leaves_is_told_of(running: Platform) -> None:
    with connect(f"ws://127.0.0.1:{running.port}/live") as socket_:
        socket_.send("hello")
        name = str(socket_.recv(60)).rpartition(" ")[2]

    eventually(lambda: name in running.notes("gone"))


def test_a_refused_socket_gets_the_status_of_the_refusal(running: Platform) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{running.port}/live?token=wrong"):
        pass

    assert refused.value.response.status_code == 401


def test_a_letter_wakes_its_function_at_once(running: Platform) -> None:
    def is_quick(known: int = 20) -> bool:
        before = len(received(running, "quick"))
        for number in range(before, before + known):
            post_letter(running, "plain", f"quick-{number}")
            eventually(partial(has_received, running, "quick", number + 1))
        return statistics.median(lag for _, lag in received(running, "quick")[before:]) < 0.025

    # Unrung, a letter waits 50 ms in the middle; a machine under load gets some rounds to be quick in one.
    eventually(is_quick)


def test_letters_of_a_group_are_handled_in_order(running: Platform) -> None:
    for number in range(25):
        post_letter(running, "ordered.fifo", f"order-{number:02d}")

    texts = eventually(lambda: (rows := received(running, "order")) and len(rows) == 25 and [text for text, _ in rows])
    assert texts == sorted(texts)


def test_a_letter_at_which_a_function_crashed_comes_again_after_a_second(running: Platform) -> None:
    post_letter(running, "ordered.fifo", "crash-once")

    first, again = eventually(lambda: (rows := received(running, "crash")) and len(rows) == 2 and rows)
    assert 0.9 < again[1] - first[1] < 20


def test_the_clock_ticks_every_second(running: Platform) -> None:
    before, begun = len(running.notes("sweeps")), time.monotonic()

    eventually(lambda: len(running.notes("sweeps")) >= before + 4)

    assert 2.5 < time.monotonic() - begun < 30
