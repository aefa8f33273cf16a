"""Emulate API Gateway for a WebSocket: its three events, and sending to a connection by its id."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from chalice.app import Chalice, WebsocketDisconnectedError

from infra.local.context import Context

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Event = dict[str, Any]

CONNECT, DEFAULT, DISCONNECT = "$connect", "$default", "$disconnect"
# A client that lags this many messages or characters behind is disconnected, to bound memory; it can reconnect. The
# characters are those of one whole log; where all clients together lag too far behind, far fewer.
LONGEST_QUEUE, LARGEST_QUEUE, FAIR_QUEUE, LARGEST_TOTAL = 1_000, 20_000_000, 500_000, 200_000_000
GOING_AWAY = 1001


@dataclass(slots=True, kw_only=True, eq=False)
class Connection:
    """An open WebSocket. outbox: messages to send; None closes it. size: their characters.

    dropped: it lags too far behind.
    """

    id: str
    opened: int
    identity: Mapping[str, str]
    outbox: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    size: int = 0
    dropped: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, message: str | None) -> None:
        """Queue a message, in the event loop."""
        self.size += len(message or "")
        self.outbox.put_nowait(message)

    async def next(self) -> str | None:
        """Wait for the next message."""
        message = await self.outbox.get()
        self.size -= len(message or "")
        return message


@dataclass(slots=True, kw_only=True)
class Live:
    """The app's `websocket_api` in this process: send, close and info, from any thread."""

    loop: asyncio.AbstractEventLoop | None = None
    connections: dict[str, Connection] = field(default_factory=dict)

    def configure(self, domain_name: str, stage: str) -> None:
        """Do nothing: connections are in this process."""

    def configure_from_api_id(self, api_id: str, stage: str) -> None:
        """Do nothing: connections are in this process."""

    def send(self, connection_id: str, message: str) -> None:
        """Send the message after those before it. Faults: WebsocketDisconnectedError."""
        self._post(self._connection(connection_id), message)

    def close(self, connection_id: str) -> None:
        """Close the connection after the messages already queued. Faults: WebsocketDisconnectedError."""
        self._post(self._connection(connection_id), None)

    def send_text(self, connection_id: str, message: str) -> bool:
        """Send the message after those before it. Return False when the connection is gone."""
        try:
            self.send(connection_id, message)
        except WebsocketDisconnectedError:
            return False
        return True

    def end(self, connection_id: str) -> None:
        """Close the connection after the messages already queued, if it is open."""
        with contextlib.suppress(WebsocketDisconnectedError):
            self.close(connection_id)

    def info(self, connection_id: str) -> dict[str, object]:
        """Return since when the connection is open, and who opened it. Faults: WebsocketDisconnectedError."""
        connection = self._connection(connection_id)
        return {"ConnectedAt": connection.opened, "LastActiveAt": connection.opened, "Identity": connection.identity}

    def _connection(self, connection_id: str) -> Connection:
        connection = self.connections.get(connection_id)
        if connection is None:
            raise WebsocketDisconnectedError(connection_id)
        return connection

    def _post(self, connection: Connection, message: str | None) -> None:
        if self.loop is None or self.loop.is_closed():
            raise WebsocketDisconnectedError(connection.id)
        self.loop.call_soon_threadsafe(self._put, connection, message)

    def _put(self, connection: Connection, message: str | None) -> None:
        connection.put(message)
        if connection.outbox.qsize() > LONGEST_QUEUE or connection.size > self._largest(connection):
            connection.dropped.set()

    def _largest(self, connection: Connection) -> int:
        if connection.size <= FAIR_QUEUE or sum(one.size for one in self.connections.values()) <= LARGEST_TOTAL:
            return LARGEST_QUEUE
        return FAIR_QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sockets:
    """The app's WebSocket handlers. Events of one connection are handled one by one."""

    handlers: Mapping[str, Callable[[Event, Context], Mapping[str, Any]]]
    live: Live
    threads: Executor

    async def serve(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection from its first event to its last."""
        self.live.loop = asyncio.get_running_loop()
        await receive()
        connection = Connection(id=uuid.uuid4().hex, opened=int(time.time() * 1000), identity=_identity(scope))
        self.live.connections[connection.id] = connection
        try:
            answer = await self._handle(CONNECT, connection, _connect_event(scope))
            if answer.get("statusCode", 200) >= 300:
                await _refuse(send, answer)
                return
            await send({"type": "websocket.accept", "subprotocol": _header(answer, "sec-websocket-protocol")})
            await self._talk(connection, receive, send)
        finally:
            self.live.connections.pop(connection.id, None)

    async def _talk(self, connection: Connection, receive: Receive, send: Send) -> None:
        receiving = asyncio.create_task(self._receive(connection, receive))
        sending = asyncio.create_task(_send(connection, send))
        # One that does not read is sent nothing more, not even that it is closed.
        dropping = asyncio.create_task(connection.dropped.wait())
        tasks = (receiving, sending, dropping)
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.live.connections.pop(connection.id, None)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._handle(DISCONNECT, connection, {})

    async def _receive(self, connection: Connection, receive: Receive) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            text = message.get("text")
            body = text if text is not None else (message.get("bytes") or b"").decode(errors="replace")
            await self._handle(DEFAULT, connection, {"body": body, "isBase64Encoded": False})

    async def _handle(self, route: str, connection: Connection, fields: Event) -> Mapping[str, Any]:
        handler = self.handlers.get(route)
        if handler is None:
            return {"statusCode": 200 if route != CONNECT else 403}
        event = {**fields, "requestContext": _request_context(route, connection)}
        run = asyncio.get_running_loop().run_in_executor
        return await run(self.threads, handler, event, Context(function="live"))


def sockets_of(app: Chalice, live: Live, threads: Executor) -> Sockets:
    """Return the app's sockets, with `live` replacing the API through which Chalice would send."""
    vars(app)["websocket_api"] = live
    handlers = {route: app.handler_map[config.name] for route, config in app.websocket_handlers.items()}
    for handler in handlers.values():
        vars(handler)["websocket_api"] = live
    return Sockets(handlers=handlers, live=live, threads=threads)


async def _send(connection: Connection, send: Send) -> None:
    while (message := await connection.next()) is not None:
        await send({"type": "websocket.send", "text": message})
    await send({"type": "websocket.close", "code": GOING_AWAY})


async def _refuse(send: Send, answer: Mapping[str, Any]) -> None:
    await send({"type": "websocket.http.response.start", "status": answer["statusCode"], "headers": []})
    await send({"type": "websocket.http.response.body", "body": str(answer.get("body") or "").encode()})


def _connect_event(scope: Message) -> Event:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    queries = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    lists = {name: [value for other, value in queries if other == name] for name, _ in queries}
    return {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(queries) or None,
        "multiValueQueryStringParameters": lists or None,
        "isBase64Encoded": False,
    }


def _request_context(route: str, connection: Connection) -> Event:
    kinds = {CONNECT: "CONNECT", DEFAULT: "MESSAGE", DISCONNECT: "DISCONNECT"}
    return {
        "routeKey": route,
        "eventType": kinds[route],
        "connectionId": connection.id,
        "connectedAt": connection.opened,
        "requestId": uuid.uuid4().hex,
        "identity": dict(connection.identity),
        "domainName": "local",
        "stage": "local",
        "apiId": "local",
    }


def _identity(scope: Message) -> Mapping[str, str]:
    agent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"user-agent"), "")
    return {"sourceIp": (scope.get("client") or ("127.0.0.1",))[0], "userAgent": agent}


def _header(answer: Mapping[str, Any], wanted: str) -> str | None:
    headers: Mapping[str, str] = answer.get("headers") or {}
    return next((value for name, value in headers.items() if name.lower() == wanted), None)
