"""ASGI application on the local port: REST calls go to the gateway in a thread, WebSockets to the sockets."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from infra.local.api import upgrades
from infra.local.api.gateway import Answer, Call, Gateway
from infra.local.api.sockets import Sockets

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPort:
    """The application that serves the port."""

    gateway: Gateway
    sockets: Sockets
    threads: ThreadPoolExecutor

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one WebSocket to its end."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._open(scope, receive, send)

    async def _open(self, scope: Message, receive: Receive, send: Send) -> None:
        if upgrades.is_direct(scope["path"]):
            await self.sockets.serve(scope, receive, send)
            return
        answer = await self._call_gateway(upgrades.as_get(_call({**scope, "method": "GET"}, b"")))
        opening = upgrades.opening_of(answer)
        if opening is not None:
            await self.sockets.serve({**scope, "query_string": opening.query.encode("latin-1")}, receive, send)
            return
        await receive()
        # A path whose GET answers no one-time address is no WebSocket.
        status = answer.status if answer.status >= 400 else 404
        await send({"type": "websocket.http.response.start", "status": status, "headers": answer.headers})
        await send({"type": "websocket.http.response.body", "body": answer.body})

    async def _call_gateway(self, call: Call) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self.threads, self.gateway.answer, call)

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        answer = await self._call_gateway(_call(scope, body))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client disconnected before its end."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        return message.get("body", b"")  # type: ignore[no-any-return]  # ASGI messages have no types
    parts = [message.get("body", b"")]
    while message["type"] == "http.request" and message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
    return None if message["type"] == "http.disconnect" else b"".join(parts)


def _call(scope: Message, body: bytes) -> Call:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return Call(
        method=scope["method"],
        path=raw.partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
        caller=(scope.get("client") or ("127.0.0.1",))[0],
    )
