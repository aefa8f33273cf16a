"""Emulate API Gateway for a REST call: convert a request to an event, and the app's answer to a response."""

import base64
import logging
import uuid
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

from chalice.app import Chalice, CORSConfig

from infra.local.api.matcher import Match, Node, matches, tree_of
from infra.local.context import Context
from slipway_formats.override import override

logger = logging.getLogger("gateway")

Event = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as received: path and query raw, header names in lower case."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    caller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response to send."""

    status: int
    headers: Headers
    body: bytes


class Answering(Protocol):
    """Answers REST calls."""

    def answer(self, call: Call) -> Answer:
        """Return the app's answer to the call; refuse an unknown resource as API Gateway does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(Answering):
    """A Chalice app behind REST events. Safe for threads."""

    app: Chalice
    tree: Node
    binary: frozenset[str]

    @override
    def answer(self, call: Call) -> Answer:
        found = self._resource(call)
        if found is None:
            return refused(403, "Missing Authentication Token")
        if (preflight := self._preflight(call, found)) is not None:
            return preflight
        try:
            event = event_of(call, found, is_binary=self._is_binary(call))
            return answer_of(self.app(event, Context(function="api")), call.method)
        except Exception:
            logger.exception("%s %s ended in an exception outside the view", call.method, call.path)
            return refused(502, "Internal server error")

    def _resource(self, call: Call) -> Match | None:
        found = matches(self.tree, call.path)
        return next((match for match in found if self._takes(match.resource, call.method)), None)

    def _takes(self, resource: str, method: str) -> bool:
        routes = self.app.routes[resource]
        return method in routes or (method == "OPTIONS" and self._cors(resource) is not None)

    def _preflight(self, call: Call, found: Match) -> Answer | None:
        routes, cors = self.app.routes[found.resource], self._cors(found.resource)
        if call.method != "OPTIONS" or "OPTIONS" in routes or cors is None:
            return None
        allowed = {"Access-Control-Allow-Methods": ",".join([*routes, "OPTIONS"])}
        return Answer(status=200, headers=_raw_headers({**cors.get_access_control_headers(), **allowed}), body=b"")

    def _cors(self, resource: str) -> CORSConfig | None:
        return next((route.cors for route in self.app.routes[resource].values() if route.cors is not None), None)

    def _is_binary(self, call: Call) -> bool:
        media = next((value for name, value in call.headers if name == "content-type"), "")
        return media.partition(";")[0].strip().lower() in self.binary


def gateway_of(app: Chalice) -> Gateway:
    """Return the gateway of an app, and make the app safe for threads."""
    _make_safe_for_threads(app)
    return Gateway(app=app, tree=tree_of(app.routes), binary=frozenset(app.api.binary_types))


def event_of(call: Call, found: Match, *, is_binary: bool) -> Event:
    """Return the proxy-integration event of a REST call."""
    text = None if is_binary else _text(call.body)
    headers, queries = _lists(call.headers), _lists(parse_qsl(call.query, keep_blank_values=True))
    return {
        "resource": found.resource,
        "path": call.path,
        "httpMethod": call.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": dict(found.parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(call, found, headers),
        "body": base64.b64encode(call.body).decode() if text is None else text or None,
        "isBase64Encoded": text is None,
    }


def answer_of(integration_answer: Mapping[str, Any], method: str) -> Answer:
    """Return the response for an integration's answer."""
    content = integration_answer.get("body") or ""
    if integration_answer.get("isBase64Encoded"):
        body = base64.b64decode(content)
    else:
        body = content if isinstance(content, bytes) else str(content).encode()
    status = int(integration_answer["statusCode"])
    headers = _raw_headers(
        {**(integration_answer.get("headers") or {}), **(integration_answer.get("multiValueHeaders") or {})}
    )
    # We set the content length, except for HEAD, whose length is that of the GET's body.
    if body or method != "HEAD":
        headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
        if status not in BODILESS:
            headers.append((b"content-length", str(len(body)).encode()))
    return Answer(status=status, headers=headers, body=b"" if method == "HEAD" or status in BODILESS else body)


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _lists(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists


def _request_context(call: Call, found: Match, headers: Mapping[str, list[str]]) -> Event:
    return {
        "resourcePath": found.resource,
        "httpMethod": call.method,
        "path": call.path,
        "requestId": str(uuid.uuid4()),
        "identity": {"sourceIp": call.caller, "userAgent": headers.get("user-agent", [""])[-1]},
        "apiId": "local",
        "stage": "local",
        "domainName": headers.get("host", [""])[-1],
        "protocol": "HTTP/1.1",
    }


def _raw_headers(headers: Mapping[str, Any]) -> Headers:
    return [
        (name.encode("latin-1"), str(value).encode("latin-1", "replace"))
        for name, values in headers.items()
        for value in (values if isinstance(values, list | tuple) else [values])
    ]


def refused(status: int, message: str) -> Answer:
    """Return a refusal in API Gateway's own format."""
    body = f'{{"message":"{message}"}}'.encode()
    length = str(len(body)).encode()
    return Answer(
        status=status, headers=[(b"content-type", b"application/json"), (b"content-length", length)], body=body
    )


def _make_safe_for_threads(app: Chalice) -> None:
    """Keep Chalice's current request in context variables instead of on the app, which threads share."""
    properties = {"current_request": _per_context("current_request"), "lambda_context": _per_context("lambda_context")}
    for name in properties:
        vars(app).pop(name, None)
    app.__class__ = type("ContextApp", (type(app),), properties)


def _per_context(name: str) -> property:
    variable: ContextVar[object] = ContextVar(name, default=None)

    def set_value(_: Chalice, value: object) -> None:
        variable.set(value)

    return property(lambda _: variable.get(), set_value)
