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
from chalicelib.http.door import Door
from chalicelib.http.match import table_of
from chalicelib.http.mount import FALLBACK, mount, routes_of
from chalicelib.http.operation import Dialect, Operation
from chalicelib.http.refuse import JSON_MANNER, PLAIN_MANNER
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.role import ADMIN, RUNNER, Level, role_in

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

STATE = Dialect(name="state", title="State", prefixes=("/api/v1/",), manner=JSON_MANNER)
INVENTORY = Dialect(name="inventory", title="Inventory", prefixes=("/api/v1/inventory",), manner=PLAIN_MANNER)

PRINCIPALS = {
    "t-admin": Principal(name="root", roles=frozenset({ADMIN})),
    "t-reader": Principal(name="ann", roles=frozenset({role_in("web", Level.READ)})),
    "t-writer": Principal(name="bob", roles=frozenset({role_in("web", Level.WRITE)})),
    "t-runner": Principal(name="box", roles=frozenset({RUNNER})),
}


@dataclass
class MemoryRecords:
    """Idempotency records in memory."""

    texts: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def claim(self, key: str, record: str, *, now: datetime, until: datetime) -> str | None:
        standing = self.texts.get(key)
        if standing is not None and standing[1] > now:
            return standing[0]
        self.texts[key] = (record, until)
        return None

    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        if self.texts.get(key, ("",))[0] == claimed:
            self.texts[key] = (record, until)

    def release(self, key: str, claimed: str) -> None:
        if self.texts.get(key, ("",))[0] == claimed:
            del self.texts[key]


@dataclass
class House:
    """What stands for the ports in these tests. done: what the verbs did. namespaces: namespace to project."""

    now: datetime = NOON
    done: list[str] = field(default_factory=list)
    records: MemoryRecords = field(default_factory=MemoryRecords)
    namespaces: dict[str, str] = field(default_factory=dict)
    shown: list[Credential] = field(default_factory=list)
    trusted: tuple[str, ...] = ()

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
        mount(self.app, self.rows, door_of(self.house))
        self.routes = routes_of(self.rows, table_of(self.rows))

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
        event = rest_event(method, target, sent, content)
        path = event["path"]
        resource, parameters = (None, {}) if fallback else resource_of(self.routes, method, path)
        event["requestContext"]["resourcePath"] = resource or ("/" if path == "/" else FALLBACK)
        event["pathParameters"] = parameters if resource else {"proxy": path.removeprefix("/")}
        out = self.app(event, None)
        json.dumps(out)
        encoded = out["isBase64Encoded"]
        raw = base64.b64decode(out["body"]) if encoded else out["body"].encode()
        return Answered(out["statusCode"], out["headers"], out["multiValueHeaders"], raw)


def door_of(house: House) -> Door[House]:
    ids = count(1)
    return Door(
        ports_of=lambda: house,
        now=lambda: house.now,
        new_id=lambda: f"id-{next(ids)}",
        principal_of=principal_of,
        project_of=lambda ports, namespace: ports.namespaces.get(namespace),
        records_of=lambda ports: ports.records,
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


def resource_of(routes: Mapping[str, tuple[str, ...]], method: str, path: str) -> tuple[str | None, dict[str, str]]:
    """The resource that API Gateway picks: literals before parameters, a slash at the end left out."""
    segments = path.removesuffix("/").split("/")
    fits = [route for route in routes if route not in ("/", FALLBACK) and _fits(route.split("/"), segments)]
    if not fits:
        return None, {}
    best = min(fits, key=lambda route: ["{" in part for part in route.split("/")])
    if method not in routes[best]:
        return None, {}
    pairs = zip(best.split("/"), segments, strict=True)
    return best, {part[1:-1]: segment for part, segment in pairs if "{" in part}


def _fits(parts: list[str], segments: list[str]) -> bool:
    return len(parts) == len(segments) and all(
        ("{" in part and segment != "") or part == segment for part, segment in zip(parts, segments, strict=True)
    )
