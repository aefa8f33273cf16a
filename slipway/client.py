"""Call the API over HTTP for the CLI and the runner: retries where that is safe, and one error for all refusals.

The paths are in inventory, states and the runner.
"""

from __future__ import annotations

import contextlib
import random
import ssl
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from slipway.client_error import ApiError, refused, unanswered

AGENT = "slipway"
_SAFE = frozenset({"GET", "PUT", "DELETE"})
_BUSY = frozenset({429, 502, 503, 504})
_KEY = "Idempotency-Key"
_STILL_AT_WORK = "still at work"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# Reading the certificates of the world takes longer than most calls, and over plain HTTP nobody shows one.
_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """One request. path: its segments quoted. again: it carries its own nonce, so repeating it is safe.

    timeout, patience: seconds for one answer, and for all tries together; None: the client's.
    """

    method: str
    path: str
    body: object = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    again: bool = False
    timeout: float | None = None
    patience: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Timeouts and retries of a client. timeout: seconds for one answer. patience: seconds for all tries.

    pauses: between tries, the first and the longest.
    """

    timeout: float = 30.0
    patience: float = 30.0
    pauses: tuple[float, float] = (0.1, 2.0)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


class Client:
    """The API at an address, called with a token. Safe for threads; close it when done."""

    def __init__(self, address: str, token: str = "", manners: Manners | None = None) -> None:
        self.address = address.rstrip("/")
        self._manners = manners or Manners()
        self._cut = ""
        headers = {"User-Agent": AGENT, **({"Authorization": f"Bearer {token}"} if token else {})}
        where = urlsplit(self.address)
        is_near = where.hostname in _LOOPBACK
        self._http = httpx.Client(
            headers=headers, timeout=httpx.Timeout(self._manners.timeout, connect=5.0),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=60.0),
            trust_env=not is_near, verify=_TRUSTS_NOBODY if is_near and where.scheme == "http" else True,
        )  # fmt: skip

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def cut(self, reason: str) -> None:
        """Send no more requests: from now on every request fails with the reason, including one that waits to retry."""
        self._cut = reason

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """Return the JSON at a path. Faults: ApiError."""
        return self.json(ApiRequest(method="GET", path=path, query=query))

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """POST and return the JSON; executed once, however often it is retried. Faults: ApiError."""
        return self.json(ApiRequest(method="POST", path=path, body=body))

    def put(self, path: str, body: object = None, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """PUT and return the JSON. Faults: ApiError."""
        return self.json(ApiRequest(method="PUT", path=path, body=body, query=query))

    def delete(self, path: str, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """DELETE and return the JSON. Faults: ApiError."""
        return self.json(ApiRequest(method="DELETE", path=path, query=query))

    def json(self, request: ApiRequest) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """Send a request and return the JSON; None when the body is empty. Faults: ApiError."""
        answer = self.send(request)
        try:
            return answer.json() if answer.content else None
        except ValueError as error:
            raise unanswered(f"{request.method} {self.address}{request.path} does not answer JSON") from error

    def send(self, request: ApiRequest) -> httpx.Response:
        """Send a request, retrying where that is safe and may help, and return the successful response.

        Faults: ApiError.
        """
        request = _keyed(request)
        patience = self._manners.patience if request.patience is None else request.patience
        deadline, pauses = self._manners.clock() + patience, self._pauses()
        while True:
            answer = self._try(request)
            pause = _pause(request, answer, next(pauses))
            if pause is None or self._manners.clock() + pause > deadline:
                return self._checked(request, answer)
            self._manners.sleep(pause)

    def _try(self, request: ApiRequest) -> httpx.Response | httpx.TransportError:
        if self._cut:
            raise unanswered(self._cut)
        timeout = httpx.USE_CLIENT_DEFAULT if request.timeout is None else httpx.Timeout(request.timeout, connect=5.0)
        try:
            return self._http.request(
                request.method, self.address + request.path, json=request.body, params=request.query or None,
                headers=request.headers, timeout=timeout,
            )  # fmt: skip
        except httpx.TransportError as error:
            return error

    def _checked(self, request: ApiRequest, answer: httpx.Response | httpx.TransportError) -> httpx.Response:
        if isinstance(answer, httpx.TransportError):
            raise unanswered(_why(answer, self.address)) from answer
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise refused(f"{request.method} {request.path}", answer.status_code, answer.text)
        return answer

    def _pauses(self) -> Iterator[float]:
        pause, longest = self._manners.pauses
        while True:
            yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not security
            pause = min(pause * 2, longest)


def segment(text: str) -> str:
    """Quote a name as one path segment."""
    return quote(text, safe="")


def _keyed(request: ApiRequest) -> ApiRequest:
    """Return the request in a form that can be repeated: a POST without a nonce gets an Idempotency-Key."""
    if request.again or request.method in _SAFE or _KEY in request.headers:
        return request
    return replace(request, again=True, headers={**request.headers, _KEY: str(uuid.uuid4())})


def _pause(request: ApiRequest, answer: httpx.Response | httpx.TransportError, usual: float) -> float | None:
    """Return the seconds to wait before the next try; None for no retry."""
    if isinstance(answer, httpx.TransportError):
        return None if isinstance(answer, httpx.UnsupportedProtocol) else usual
    if answer.status_code in _BUSY:
        with contextlib.suppress(ValueError):
            return min(max(usual, float(answer.headers.get("Retry-After", ""))), 30.0)
        return usual
    if answer.status_code == HTTPStatus.CONFLICT and _KEY in request.headers and _STILL_AT_WORK in answer.text:
        return usual
    return None


def _why(error: httpx.TransportError, address: str) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"{address} does not answer in time"
    if isinstance(error, httpx.ConnectError):
        return f"nobody answers at {address}"
    return f"{address} broke off: {str(error) or type(error).__name__}"


__all__ = ["ApiError", "ApiRequest", "Client", "Manners", "segment"]
