"""A small house to send requests to: two dialects, their rows, a door, and events as API Gateway makes them."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs

from chalice.app import Chalice

from chalicelib.http.credential import Credential, Identity, Password, Session, Token
from chalicelib.http.operation import Dialect, Operation
from chalicelib.http.refuse import JSON_ERRORS, PLAIN_ERRORS
from chalicelib.http.request_context import RequestContext
from chalicelib.http.site.carrier import FALLBACK
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import mount, routes_of
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, RUNNER, Level, role_in
from chalicelib.kernel.faults import Unauthenticated
from tests.fakes.idempotency import FakeIdempotency
from tests.http.gateway import Gateway, Place

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

STATE = Dialect(name="state", title="State", prefixes=("/api/v1/",), error_format=JSON_ERRORS)
INVENTORY = Dialect(name="inventory", title="Inventory", prefixes=("/api/v1/inventory",), error_format=PLAIN_ERRORS)

PRINCIPALS = {
    "t-admin": Principal(name="root", roles=frozenset({ADMIN})),
    "t-reader": Principal(name="ann", roles=frozenset({role_in("web", Level.READ)})),
    "t-writer": Principal(name="bob", roles=frozenset({role_in("web", Level.WRITE)})),
    "t-runner": Principal(name="box", roles=frozenset({RUNNER})),
    "t-account": Principal(name="ann", kind=PrincipalKind.SERVICE_ACCOUNT),
}


@dataclass
class House:
    """What stands for the ports in these tests. done: what the verbs did. namespaces: namespace to project."""

    now: datetime = NOON
    done: list[str] = field(default_factory=list)
    records: FakeIdempotency = field(default_factory=FakeIdempotency)
    namespaces: dict[str, str] = field(default_factory=dict)
    shown: list[Credential] = field(default_factory=list)
    trusted: tuple[str, ...] = ()
    public_url: str = "https://slipway.example"

    def pass_time(self, length: timedelta) -> None:
        self.now += length


@dataclass
class Answered:
    """A reply as a client sees it."""

    status: int
    headers: Mapping[str, str]
    several: Mapping[str, list[str]]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the body says
        return json.loads(self.content)


class Site:
    """The rows on a real Chalice app, called with REST events."""

    def __init__(self, rows: Iterable[Operation], house: House | None = None) -> None:
        self.house = house or House()
        self.rows = tuple(rows)
        self.app = Chalice("test", configure_logs=False, env={})
        mount(self.app, self.rows, context_of(self.house))
        self.routes = routes_of(self.rows, table_of(self.rows))
        self.gateway = Gateway(self.routes)

    def ask(
        self,
        method: str,
        target: str,
        body: object = None,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
        fallback: bool = False,
    ) -> Answered:
        """The answer to a request. body: bytes as they are, anything else as JSON. fallback: as an unknown path."""
        sent = {"X-Escape-Token": token, **(headers or {})}
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        path = target.partition("?")[0]
        place = None if fallback else self.gateway.place(method, path)
        return ask_app(self.app, method, target, content, headers=sent, place=place)


def ask_app(
    app: Chalice,
    method: str,
    target: str,
    content: bytes = b"",
    *,
    headers: Mapping[str, str],
    place: Place | None = None,
) -> Answered:
    """The app's answer to an event. place: the resource and its parameters, the fallback's if there is none."""
    event = rest_event(method, target, headers, content)
    path = event["path"]
    rest = ("/", {}) if path == "/" else (FALLBACK, {"proxy": path.removeprefix("/")})
    event["requestContext"]["resourcePath"], event["pathParameters"] = place or rest
    out = app(event, None)
    json.dumps(out)
    raw = base64.b64decode(out["body"]) if out["isBase64Encoded"] else out["body"].encode()
    return Answered(out["statusCode"], out["headers"], out["multiValueHeaders"], raw)


def context_of(house: House) -> RequestContext[House]:
    ids = count(1)
    return RequestContext(
        ports_of=lambda: house,
        now=lambda: house.now,
        new_id=lambda: f"id-{next(ids)}",
        principal_of=principal_of,
        project_of=lambda ports, namespace, _: ports.namespaces.get(namespace),
        records_of=lambda ports: ports.records,
        public_url_of=lambda ports: ports.public_url,
    )


def principal_of(house: House, credential: Credential, now: datetime) -> Principal:
    """Passwords are tokens too, and sessions; an identity is nobody special."""
    assert now == house.now
    house.shown.append(credential)
    match credential:
        case Token(text=text) | Password(password=text) | Session(text=text):
            if text in PRINCIPALS:
                return PRINCIPALS[text]
            raise Unauthenticated("wrong credentials")
        case Identity(mail=mail):
            if mail not in house.trusted:
                raise Unauthenticated("wrong credentials")
            return Principal(name=mail)


def rest_event(method: str, target: str, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    """An event as API Gateway's REST APIs send it, but for the resource."""
    path, _, query = target.partition("?")
    values = parse_qs(query, keep_blank_values=True)
    return {
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueQueryStringParameters": values or None,
        "requestContext": {"httpMethod": method, "requestId": "request-7", "path": path},
        "stageVariables": None,
        "isBase64Encoded": True,
        "body": base64.b64encode(content).decode(),
    }
