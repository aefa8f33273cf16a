"""Answers go out in one piece, and what is not whole at once goes out when it comes."""

import asyncio
from typing import Any, cast

import uvicorn

from infra.local.one_piece import MOST_HELD, OnePieceProtocol, OnePieceTransport
from tests.cloud import free_port


class Wire:
    """A transport that notes what is sent at once."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.is_closed = False

    def writelines(self, pieces: list[bytes]) -> None:
        self.sent.append(b"".join(pieces))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed


def on(wire: Wire, loop: asyncio.AbstractEventLoop) -> OnePieceTransport:
    return OnePieceTransport(cast(asyncio.Transport, wire), loop)


def test_what_is_written_in_one_turn_of_the_loop_is_sent_at_once() -> None:
    asyncio.run(writes_twice())


async def writes_twice() -> None:
    wire = Wire()
    transport = on(wire, asyncio.get_running_loop())
    for piece in (b"head", b"body"):
        transport.write(piece)
    assert wire.sent == []
    await asyncio.sleep(0)
    transport.write(b"more")
    await asyncio.sleep(0)
    assert wire.sent == [b"headbody", b"more"]


def test_much_is_sent_as_it_comes() -> None:
    asyncio.run(writes_much())


async def writes_much() -> None:
    wire = Wire()
    transport = on(wire, asyncio.get_running_loop())
    transport.write(b"head")
    transport.write(b"x" * MOST_HELD)
    assert [len(piece) for piece in wire.sent] == [MOST_HELD + 4]


def test_what_is_held_is_sent_before_the_end_and_nothing_after_it() -> None:
    asyncio.run(closes())


async def closes() -> None:
    wire = Wire()
    transport = on(wire, asyncio.get_running_loop())
    transport.write(b"last")
    transport.close()
    transport.write(b"late")
    transport.flush()
    assert (wire.sent, wire.is_closed) == ([b"last"], True)


async def answers(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """In one piece, or in two between which it waits for the rest of the request."""
    slowly = scope["path"] == "/slowly"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    if slowly:
        await receive()
    await send({"type": "http.response.body", "body": b"a", "more_body": True})
    await send({"type": "http.response.body", "body": b"b"})


def test_a_client_has_the_headers_of_an_answer_that_waits_for_it() -> None:
    asyncio.run(asks())


async def asks() -> None:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(answers, port=port, http=OnePieceProtocol, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for path, rest in (("/", b""), ("/slowly", b"x")):
            writer.write(f"POST {path} HTTP/1.1\r\ncontent-length: {len(rest)}\r\n\r\n".encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
            writer.write(rest)
            assert head.startswith(b"HTTP/1.1 200")
            assert await asyncio.wait_for(reader.readexactly(2), 20) == b"ab"
    finally:
        writer.close()
        server.should_exit = True
        await serving
