"""HTTP connections by urllib3, kept open between requests: proxies, certificates and redirects.

What is requested, and when it is repeated: client, upload, download.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urljoin
from urllib.request import getproxies, proxy_bypass

import certifi
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    NewConnectionError,
    ProtocolError,
    ResponseError,
    TimeoutError,  # noqa: A004 - as urllib3 has it
)
from urllib3.util import Url, make_headers, parse_url

_KEPT = 256
_SENDING = 60.0
_CHUNK = 1 << 18
_MOST_REDIRECTS = 20
_USUAL = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "User-Agent": "slipway"}
_AUTHORIZATION = "Authorization"
# A router on the way forgets a silent connection after some minutes, and says nothing. Not every system has all three.
_ALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))
_OPTIONS: list[tuple[int, int, int | bytes]] = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *((socket.IPPROTO_TCP, getattr(socket, name), value) for name, value in _ALIVE if hasattr(socket, name)),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request. url: with user and password, if they are to be shown. timeout: for the connection and the answer."""

    method: str
    url: str
    timeout: Timeout
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | Iterable[bytes] | None = None


class Connections:
    """Connections to hosts. Safe for threads; close it when done. is_near: to this machine, which needs no proxy."""

    def __init__(self, *, is_near: bool = False) -> None:
        self._is_near = is_near
        self._managers: dict[str, PoolManager] = {}

    def __enter__(self) -> Connections:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections that are idle."""
        for manager in list(self._managers.values()):
            manager.clear()

    def send(self, request: HttpRequest, *, streams: bool = False) -> BaseHTTPResponse:
        """Send a request and return the answer, whatever its status. Faults: HTTPError.

        streams: the content is not read yet; release the answer when done.
        """
        url = parse_url(request.url)
        # urllib3 takes what has no scheme for plain HTTP.
        if url.scheme not in {"http", "https"}:
            raise LocationValueError("it begins with neither http:// nor https://")
        headers = {**_USUAL, **request.headers, **_shown(url)}
        return self._manager(url).urlopen(
            request.method, request.url, body=request.body, headers=headers, timeout=request.timeout, retries=False,
            redirect=False, preload_content=not streams,
        )  # fmt: skip

    def follow(self, request: HttpRequest) -> BaseHTTPResponse:
        """Send a GET and follow redirects; the content of the answer is not read yet. Faults: HTTPError."""
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self.send(request, streams=True)
            target = answer.get_redirect_location()
            if not target:
                return answer
            answer.close()
            request = _redirected(request, urljoin(request.url, target))
        raise ResponseError("too many redirects")

    def _manager(self, url: Url) -> PoolManager:
        proxy = "" if self._is_near else _proxy_for(url)
        if proxy not in self._managers:
            # Two threads may make one each: one of the two is dropped with its connection.
            self._managers[proxy] = _manager(proxy)
        return self._managers[proxy]


def content_of(answer: BaseHTTPResponse, *, decoded: bool) -> Iterator[bytes]:
    """Yield the content as it arrives. decoded: without its Content-Encoding. Faults: HTTPError."""
    while chunk := answer.read1(_CHUNK, decode_content=decoded):
        yield chunk


def is_success(answer: BaseHTTPResponse) -> bool:
    """Return True if the status is 2xx."""
    return HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES


def named(error: HTTPError) -> str:
    """Describe a transport error, without the address: it may be a secret."""
    cause: object = error
    match error:
        case LocationValueError():
            return "its address cannot be understood"
        case NewConnectionError():
            cause = error.__cause__ or "no connection"
        case TimeoutError():
            return "timed out"
        case ProtocolError():
            cause = error.args[-1] if error.args else error
    return str(cause) or type(cause).__name__


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _give_time(self)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _give_time(self)


def _give_time(connection: HTTPConnection) -> None:
    """Let sending take longer than connecting may: urllib3 has one time for both."""
    if connection.sock is not None:
        connection.sock.settimeout(_SENDING)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure

    def __init__(self, host: str, port: int | None = None, **options: Any) -> None:  # noqa: ANN401 - as urllib3's
        super().__init__(host, port, **{**options, "ssl_context": trusted()})


def _manager(proxy: str) -> PoolManager:
    options: dict[str, Any] = {"maxsize": _KEPT, "socket_options": _OPTIONS}
    if not proxy:
        manager = PoolManager(**options)
    else:
        url = parse_url(proxy if "://" in proxy else f"http://{proxy}")
        user = make_headers(proxy_basic_auth=unquote(url.auth)) if url.auth else None
        near = trusted() if url.scheme == "https" else None
        manager = ProxyManager(str(url._replace(auth=None)), proxy_headers=user, proxy_ssl_context=near, **options)
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return manager


def _proxy_for(url: Url) -> str:
    proxies = getproxies()
    if not proxies or proxy_bypass(url.host or ""):
        return ""
    return proxies.get(url.scheme or "") or proxies.get("all") or ""


@cache
def trusted() -> ssl.SSLContext:
    """Return what checks the certificates that servers show."""
    # Reading the certificates of the world takes longer than most calls: only where one is shown.
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    return ssl.create_default_context(cafile=file or (None if folder else certifi.where()), capath=folder)


def _shown(url: Url) -> Mapping[str, str]:
    return {_AUTHORIZATION: make_headers(basic_auth=unquote(url.auth))["authorization"]} if url.auth else {}


def _redirected(request: HttpRequest, target: str) -> HttpRequest:
    before, after = parse_url(request.url), parse_url(target)
    headers = {**request.headers, **_shown(before)}
    if (before.scheme, before.host, before.port) != (after.scheme, after.host, after.port):
        headers.pop(_AUTHORIZATION, None)
    return replace(request, url=target, headers=headers)
