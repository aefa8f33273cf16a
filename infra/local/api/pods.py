"""Carry requests to the pods of a service. httpcore, which this takes, is imported by the first request to one."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from string import punctuation
from urllib.parse import quote
from zlib import crc32

import httpcore

from infra.local.api.asgi import Receive, Send, send_early
from infra.local.api.endpoint import COOKIES, CREDENTIALS, Endpoint, caller_of
from infra.local.api.gateway import Call, Headers, refused
from infra.local.pod_networks import PodAddress

logger = logging.getLogger("services")

IDLE = 5.0
"""Seconds for which a connection to a pod is kept that nothing is sent by."""

HOP_BY_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
UNWANTED = HOP_BY_HOP | {"clear-site-data", "service-worker-allowed"}
NO_ORIGIN = (b"content-security-policy", b"sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads")
LATE = refused(504, "the service did not answer in time")
AWAY = refused(502, "the service cannot be reached")


@dataclass(slots=True)
class Pods:
    """The connections to all pods."""

    _turns: Iterator[int] = field(default_factory=count)
    # httpx stands on this, takes half as much again, and has headers of its own added to what a client sends.
    _connections: httpcore.AsyncConnectionPool = field(
        default_factory=lambda: httpcore.AsyncConnectionPool(
            max_connections=None, max_keepalive_connections=100, keepalive_expiry=IDLE
        )
    )

    async def carry(self, endpoint: Endpoint, call: Call, receive: Receive, send: Send) -> None:
        """Carry a request to a pod of the service, and its answer back."""
        upload = _Upload(receive)
        for pod in self._in_turn(endpoint, call):
            request = _request(pod, endpoint, call, upload)
            try:
                async with asyncio.timeout(endpoint.timeout):
                    reply = await self._connections.handle_async_request(request)
            except httpcore.ConnectError:
                continue
            except TimeoutError:
                await send_early(send, LATE, receive)
                return
            except (httpcore.NetworkError, httpcore.ProtocolError) as error:
                logger.info("service at %s: %r", endpoint.prefix, error)
                break
            await _pass_on(reply, endpoint, upload, send)
            return
        await send_early(send, AWAY, receive)

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.aclose()

    def _in_turn(self, endpoint: Endpoint, call: Call) -> Iterator[PodAddress]:
        """Yield the pods, beginning with another each time; always the same for a caller if that is sticky."""
        first = crc32(caller_of(call).encode()) if endpoint.is_sticky else next(self._turns)
        for number in range(len(endpoint.pods)):
            yield endpoint.pods[(first + number) % len(endpoint.pods)]


@dataclass(slots=True)
class _Upload:
    """The body of a request, as it arrives."""

    receive: Receive
    is_done: bool = False

    async def parts(self) -> AsyncIterator[bytes]:
        while not self.is_done:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise httpcore.WriteError("the client is gone")
            self.is_done = not message.get("more_body")
            yield message.get("body", b"")

    async def gone(self) -> None:
        """Wait until the client has gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


async def _pass_on(reply: httpcore.Response, endpoint: Endpoint, upload: _Upload, send: Send) -> None:
    """Pass the answer on as it arrives, until its end, or until its reader has gone."""
    headers = list(_to_client(reply, endpoint))

    async def pump() -> None:
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        async for part in reply.aiter_stream():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    pumping, leaving = asyncio.ensure_future(pump()), asyncio.ensure_future(upload.gone())
    try:
        await asyncio.wait((pumping, leaving), return_when=asyncio.FIRST_COMPLETED)
        if pumping.done():
            # An answer that breaks off must not look complete: the connection breaks off too.
            pumping.result()
    finally:
        for task in (pumping, leaving):
            task.cancel()
        await asyncio.gather(pumping, leaving, return_exceptions=True)
        await reply.aclose()


def _path_within(endpoint: Endpoint, call: Call) -> str:
    inner = call.path.removeprefix(endpoint.prefix)
    return f"{endpoint.rewrite}{inner}" + (f"?{call.query}" if call.query else "")


def _request(pod: PodAddress, endpoint: Endpoint, call: Call, upload: _Upload) -> httpcore.Request:
    path = quote(_path_within(endpoint, call).encode("latin-1"), safe=punctuation)
    return httpcore.Request(
        call.method,
        httpcore.URL(scheme=b"http", host=pod.host.encode(), port=pod.port, target=path),
        headers=_to_service(call, endpoint, pod),
        content=upload.parts() if _has_body(call) else None,
    )


def _has_body(call: Call) -> bool:
    return any(name in ("content-length", "transfer-encoding") for name, _ in call.headers)


def _to_service(call: Call, endpoint: Endpoint, pod: PodAddress) -> Headers:
    named = {word.strip().lower() for name, value in call.headers if name == "connection" for word in value.split(",")}
    dropped = HOP_BY_HOP | CREDENTIALS | named | {"host", "cookie"}
    host = next((value for name, value in call.headers if name == "host"), "")
    cookies = "; ".join(_own_cookies(value for name, value in call.headers if name == "cookie"))
    # A length that is not said beforehand is said part by part.
    is_chunked = any(name == "transfer-encoding" for name, _ in call.headers)
    said = [
        ("host", str(pod)),
        *((name, value) for name, value in call.headers if name not in dropped),
        *((("cookie", cookies),) if cookies else ()),
        *((("transfer-encoding", "chunked"),) if is_chunked else ()),
        ("x-forwarded-for", call.caller),
        ("x-forwarded-host", host),
        ("x-forwarded-prefix", endpoint.prefix),
        ("x-forwarded-proto", "http"),
    ]
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said]


def _own_cookies(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for pair in line.split(";"):
            name = pair.partition("=")[0].strip().lower()
            if name and name not in COOKIES:
                yield pair.strip()


def _to_client(reply: httpcore.Response, endpoint: Endpoint) -> Headers:
    kept: Headers = []
    for raw, value in reply.headers:
        name = raw.lower().decode("latin-1")
        if name in UNWANTED or (name == "set-cookie" and _cookie_name(value) in COOKIES):
            continue
        kept.append((raw, _below(value, endpoint) if name == "location" else value))
    return [*kept, NO_ORIGIN]


def _cookie_name(value: bytes) -> str:
    return value.partition(b"=")[0].strip().decode("latin-1").lower()


def _below(location: bytes, endpoint: Endpoint) -> bytes:
    """Return where a redirect leads from outside: a path of the service's is below its prefix."""
    rewrite = endpoint.rewrite.encode()
    if location.startswith(rewrite) and not location.startswith(b"//"):
        return endpoint.prefix.encode() + location.removeprefix(rewrite)
    return location
