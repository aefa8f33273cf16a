"""Carry requests to services: to pods of this machine, by the prefix at which a service is published.

Who may reach a service, the app says, by a row that is asked with the caller's own credentials; these go no further.
Pages of services have the platform's host: they come as documents of no origin, so that no script of theirs can use
the platform with a visitor's cookies.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from string import punctuation
from urllib.parse import quote, urlencode
from zlib import crc32

import httpcore

from chalicelib.http.callers.cookies import OWN_SITES
from chalicelib.kernel.workloads.publishing import OWN_SEGMENTS, prefixes_of
from infra.local.api.asgi import Message, Receive, Send, Services, call_of, send_early
from infra.local.api.gateway import Answer, Call, Headers, refused
from infra.local.pod_networks import OWN_MACHINE, Network, PodAddress, pod_address
from slipway_formats.override import override

logger = logging.getLogger("services")

ASKED_AGAIN = 1.0
"""Seconds for which an answer of the app holds. A service that is deleted is there no longer than that."""

MOST_KNOWN = 10_000
IDLE = 5.0
"""Seconds for which a connection to a pod is kept that nothing is sent by."""

CREDENTIALS = frozenset({"authorization", "x-escape-token", "x-apikey", "identity", "x-identity-secret"})
COOKIES = frozenset({"x-escape-token", "authtoken"})
"""Names of the platform's cookies, in lower case: services neither see nor set them."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a service answers. timeout: seconds until its answer must begin. pods: where its pods do."""

    prefix: str
    rewrite: str
    timeout: float
    is_sticky: bool
    pods: tuple[PodAddress, ...]


@dataclass(slots=True, kw_only=True)
class ServiceProxy(Services):
    """Carries requests to services. ask: has the app answer a call.

    networks: where pods may answer. A runner elsewhere must not have the server ask other hosts.
    """

    ask: Callable[[Call], Awaitable[Answer]]
    networks: tuple[Network, ...] = OWN_MACHINE
    now: Callable[[], float] = time.monotonic
    _known: dict[tuple[str, str], tuple[float, Endpoint]] = field(default_factory=dict)
    _turns: Iterator[int] = field(default_factory=count)
    _pods: httpcore.AsyncConnectionPool | None = None

    @override
    def may_have(self, path: str) -> bool:
        return path.split("/", 2)[1].lower() not in OWN_SEGMENTS and bool(prefixes_of(path))

    @override
    async def carry(self, scope: Message, receive: Receive, send: Send) -> bool:
        call = call_of(scope, b"")
        found = await self._endpoint(call)
        if found is None:
            return False
        if isinstance(found, Answer):
            await send_early(send, found, receive)
            return True
        await self._carry(found, call, receive, send)
        return True

    async def close(self) -> None:
        """Close the connections to pods."""
        if self._pods is not None:
            await self._pods.aclose()

    async def _endpoint(self, call: Call) -> Endpoint | Answer | None:
        """Return where the service answers, how the app refuses the caller, or None where there is no service."""
        caller, now = _caller(call), self.now()
        for prefix in prefixes_of(call.path):
            until, known = self._known.get((caller, prefix), (0.0, None))
            if known is not None and now < until:
                return known
        answer = await self.ask(_query(call, "/api/v1/services"))
        if answer.status == 401:
            opened = await self.ask(_query(call, "/api/v1/services/open"))
            answer = answer if opened.status == 404 else opened
        if answer.status == 404:
            return None
        if answer.status != 200:
            return answer
        endpoint = _endpoint_of(answer, self.networks)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[caller, endpoint.prefix] = (now + ASKED_AGAIN, endpoint)
        return endpoint

    async def _carry(self, endpoint: Endpoint, call: Call, receive: Receive, send: Send) -> None:
        upload = _Upload(receive)
        for pod in self._in_turn(endpoint, call):
            request = _request(pod, endpoint, call, upload)
            try:
                async with asyncio.timeout(endpoint.timeout):
                    reply = await self._connections().handle_async_request(request)
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

    def _in_turn(self, endpoint: Endpoint, call: Call) -> Iterator[PodAddress]:
        """Yield the pods, beginning with another each time; always the same for a caller if that is sticky."""
        first = crc32(_caller(call).encode()) if endpoint.is_sticky else next(self._turns)
        for number in range(len(endpoint.pods)):
            yield endpoint.pods[(first + number) % len(endpoint.pods)]

    def _connections(self) -> httpcore.AsyncConnectionPool:
        # httpx stands on this, takes half as much again, and has headers of its own added to what a client sends.
        if self._pods is None:
            self._pods = httpcore.AsyncConnectionPool(
                max_connections=None, max_keepalive_connections=100, keepalive_expiry=IDLE
            )
        return self._pods


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


def _query(call: Call, path: str) -> Call:
    """Return the call that asks for the service; a change that another site causes is nobody's: without cookies."""
    site = next((value.lower() for name, value in call.headers if name == "sec-fetch-site"), "none")
    is_wanted = call.method in SAFE or site in OWN_SITES
    dropped = {"content-length", "transfer-encoding", *(() if is_wanted else ("cookie",))}
    kept = tuple((name, value) for name, value in call.headers if name not in dropped)
    return replace(call, method="GET", path=path, query=urlencode({"path": call.path}), headers=kept, body=b"")


def _endpoint_of(answer: Answer, networks: tuple[Network, ...]) -> Endpoint:
    said = json.loads(answer.body)
    return Endpoint(
        prefix=said["prefix"],
        rewrite=said["rewrite"],
        timeout=said["timeout_ms"] / 1000,
        is_sticky=said["sticky_sessions"],
        pods=tuple(pod for one in said["addresses"] if (pod := pod_address(one, networks)) is not None),
    )


def _caller(call: Call) -> str:
    """Identify a caller by what they show; those who show nothing, by where they come from."""
    shown = [f"{name}:{value}" for name, value in call.headers if name in CREDENTIALS or name == "cookie"]
    return "\n".join(shown) or call.caller


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
