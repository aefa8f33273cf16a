"""ASGI application on the local port: REST calls go to the gateway in a thread, WebSockets to the sockets."""

import sys
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from infra.local.api import upgrades
from infra.local.api.bodies import PATIENCE, BodyReader, HungUp, TooLong, TooSlow, discard
from infra.local.api.gateway import Answer, Answering, Call, Headers, refused
from infra.local.api.sockets import Sockets
from infra.local.api.threads import Threads

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CLOSES: Headers = [(b"connection", b"close")]
UNAVAILABLE = refused(503, "Service Unavailable")
SLOW = refused(408, "Request Timeout")


class Services(Protocol):
    """Services that are published below paths of the port."""

    def may_have(self, path: str) -> bool:
        """Return True if a service could answer for the path."""

    async def carry(self, scope: Message, receive: Receive, send: Send) -> bool:
        """Have the service of the path answer, or refuse the caller; return False if there is no such service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPort:
    """The application that serves the port. largest_body: returns the largest body that a request may have; None: any.

    patience: seconds that a short body may take. services: None for an app without any.
    """

    gateway: Answering
    sockets: Sockets
    threads: Threads
    largest_body: Callable[[str, str, Mapping[str, str]], int] | None = None
    patience: float = PATIENCE
    services: Services | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one WebSocket to its end."""
        if scope["type"] == "http":
            if not await self._is_carried(scope, receive, send):
                await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._open(scope, receive, send)

    async def _is_carried(self, scope: Message, receive: Receive, send: Send) -> bool:
        """Whether a service has answered."""
        services = self.services
        if services is None or not services.may_have(scope["path"]):
            return False
        return await services.carry(scope, receive, send)

    async def _open(self, scope: Message, receive: Receive, send: Send) -> None:
        if upgrades.is_direct(scope["path"]):
            await self.sockets.serve(scope, receive, send)
            return
        answer = await self._call_gateway(upgrades.as_get(call_of({**scope, "method": "GET"}, b"")))
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
        return await self.threads.answer(call, self.gateway.answer) or UNAVAILABLE

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        try:
            body = await BodyReader(
                receive=receive,
                declared=_declared(scope),
                largest=partial(self._largest, scope),
                patience=self.patience,
            ).read()
        except HungUp:
            return
        except TooSlow:
            await _send(send, SLOW, CLOSES)
            return
        except TooLong as too_long:
            refusal = await self._refusal(scope, too_long.limit)
            # A connection that is closed while the client still sends is reset, and the client never reads the answer.
            await send_early(send, refusal, receive)
            return
        answer = await self.threads.answer(call_of(scope, body), self.gateway.answer, partial(_hung_up, receive))
        if answer is not None:
            await _send(send, answer, [])

    async def _refusal(self, scope: Message, limit: int) -> Answer:
        """Return the refusal of a too long body. If the app would refuse any body, it answers itself."""
        if limit:
            return refused(413, f"the body is longer than the {limit} bytes that are taken")
        return await self._call_gateway(call_of(scope, b""))

    async def _largest(self, scope: Message) -> int:
        if self.largest_body is None:
            return sys.maxsize
        largest = self.largest_body

        def limit_of(call: Call) -> int:
            return largest(call.method, call.path, dict(call.headers))

        found = await self.threads.answer(call_of(scope, b""), limit_of)
        return 0 if found is None else found


async def _send(send: Send, answer: Answer, more: Headers) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, *more]})
    await send({"type": "http.response.body", "body": answer.body})


async def send_early(send: Send, answer: Answer, receive: Receive) -> None:
    """Answer while the client still sends its body."""
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, *CLOSES]})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    await discard(receive)
    await send({"type": "http.response.body", "body": b""})


def _declared(scope: Message) -> int:
    """Return the body's length by its header; 0 if missing."""
    text = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(text) if text.isdigit() else 0


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def call_of(scope: Message, body: bytes) -> Call:
    """Return a request as received."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return Call(
        method=scope["method"],
        path=raw.partition(b"?")[0].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]),
        body=body,
        caller=(scope.get("client") or ("127.0.0.1",))[0],
    )
