"""Call the API over HTTP for the CLI and the runner: retries where that is safe, and one error for all refusals.

The paths are in inventory, states and the runner.
"""

from __future__ import annotations

import contextlib
import json
import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import (
    HTTPError,
    LocationValueError,
    NewConnectionError,
    SSLError,
    TimeoutError,  # noqa: A004 - as urllib3 has it
)

from slipway.client_error import ApiError, refused, unanswered
from slipway.connections import Connections, HttpRequest, named
from slipway.session import is_loopback

_SAFE = frozenset({"GET", "PUT", "DELETE"})
_BUSY = frozenset({429, 502, 503, 504})
_KEY = "Idempotency-Key"
_STILL_AT_WORK = "still at work"
_CONNECTING = 5.0

_DICE = random.SystemRandom()
"""Of its own: what runs in the process of others leaves the state of the shared one as it is."""


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
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connections = Connections(is_near=is_loopback(self.address))

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._connections.close()

    def cut(self, reason: str) -> None:
        """Send no more requests: from now on every request fails with the reason, including one that waits to retry."""
        self._cut = reason

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """Return the JSON at a path. Faults: ApiError."""
        return self.json(ApiRequest(method="GET", path=path, query=query))

    def post(self, path: str, body: object = None, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """POST and return the JSON; executed once, however often it is retried. Faults: ApiError."""
        return self.json(ApiRequest(method="POST", path=path, body=body, query=query))

    def put(self, path: str, body: object = None, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """PUT and return the JSON. Faults: ApiError."""
        return self.json(ApiRequest(method="PUT", path=path, body=body, query=query))

    def delete(self, path: str, **query: str) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """DELETE and return the JSON. Faults: ApiError."""
        return self.json(ApiRequest(method="DELETE", path=path, query=query))

    def json(self, request: ApiRequest) -> Any:  # noqa: ANN401 - whatever JSON the API answers
        """Send a request and return the JSON; None when the body is empty. Faults: ApiError."""
        return self.json_and_headers(request)[0]

    def json_and_headers(self, request: ApiRequest) -> tuple[Any, Mapping[str, str]]:
        """Send a request and return the JSON, as `json` does, and the headers of the answer. Faults: ApiError."""
        answer = self.send(request)
        try:
            return json.loads(answer.data) if answer.data else None, answer.headers
        except ValueError as error:
            raise unanswered(f"{request.method} {self.address}{request.path} does not answer JSON") from error

    def send(self, request: ApiRequest) -> BaseHTTPResponse:
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

    def _try(self, request: ApiRequest) -> BaseHTTPResponse | HTTPError:
        if self._cut:
            raise unanswered(self._cut)
        try:
            return self._connections.send(self._http_request(request))
        except HTTPError as error:
            return error

    def _http_request(self, request: ApiRequest) -> HttpRequest:
        seconds = self._manners.timeout if request.timeout is None else request.timeout
        headers, body = {**self._headers, **request.headers}, None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(request.body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return HttpRequest(
            method=request.method, url=f"{self.address}{request.path}{_query(request)}", headers=headers, body=body,
            timeout=Timeout(connect=_CONNECTING, read=seconds),
        )  # fmt: skip

    def _checked(self, request: ApiRequest, answer: BaseHTTPResponse | HTTPError) -> BaseHTTPResponse:
        if isinstance(answer, HTTPError):
            raise unanswered(_why(answer, self.address)) from answer
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise refused(f"{request.method} {request.path}{_query(request)}", answer.status, text_of(answer))
        return answer

    def _pauses(self) -> Iterator[float]:
        pause, longest = self._manners.pauses
        while True:
            yield pause * _DICE.uniform(0.5, 1.0)
            pause = min(pause * 2, longest)


def text_of(answer: BaseHTTPResponse) -> str:
    """Return the text of an answer."""
    return answer.data.decode("utf-8", "replace")


def segment(text: str) -> str:
    """Quote a name as one path segment."""
    return quote(text, safe="")


def _query(request: ApiRequest) -> str:
    return f"?{urlencode(request.query)}" if request.query else ""


def _keyed(request: ApiRequest) -> ApiRequest:
    """Return the request in a form that can be repeated: a POST without a nonce gets an Idempotency-Key."""
    if request.again or request.method in _SAFE or _KEY in request.headers:
        return request
    return replace(request, again=True, headers={**request.headers, _KEY: str(uuid.uuid4())})


def _pause(request: ApiRequest, answer: BaseHTTPResponse | HTTPError, usual: float) -> float | None:
    """Return the seconds to wait before the next try; None for no retry."""
    if isinstance(answer, HTTPError):
        return None if isinstance(answer, LocationValueError) else usual
    if answer.status in _BUSY:
        with contextlib.suppress(ValueError):
            return min(max(usual, float(answer.headers.get("Retry-After", ""))), 30.0)
        return usual
    if answer.status == HTTPStatus.CONFLICT and _KEY in request.headers and _STILL_AT_WORK in text_of(answer):
        return usual
    return None


def _why(error: HTTPError, address: str) -> str:
    if isinstance(error, NewConnectionError):
        return f"nobody answers at {address}"
    if isinstance(error, SSLError):
        return f"{address} does not prove who it is, or speaks no TLS: {named(error)}"
    if isinstance(error, TimeoutError):
        return f"{address} does not answer in time"
    return f"{address} broke off: {named(error)}"


__all__ = ["ApiError", "ApiRequest", "Client", "Manners", "segment", "text_of"]
