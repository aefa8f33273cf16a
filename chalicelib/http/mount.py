"""Puts the rows on a Chalice app: a route for each path, and one that takes whatever else comes.

Routing, bodies and refusals are ours; Chalice carries. So every route takes every content type, and every view is the
same: it puts the raw path together again and asks the table.
"""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from chalice.app import Chalice
from chalice.app import Request as ChaliceRequest
from chalice.app import Response as ChaliceResponse

from chalicelib.http.door import Door, Ports
from chalicelib.http.match import Table, table_of
from chalicelib.http.operation import METHODS, PARAMETER, Mounting, Operation
from chalicelib.http.reply import Reply
from chalicelib.http.serve import Arrival, Site

FALLBACK = "/{proxy+}"
REST = "proxy"

BINARY_BODIES = ("multipart/form-data", "application/gzip", "application/x-gzip", "image/webp")
"""Besides Chalice's own: bodies that API Gateway must hand over in base64, or it mangles them."""

NOT_FOUND = 404

MOST_RESOURCES = 300
"""Of one REST API, by AWS's quota."""


class WireResponse(ChaliceResponse):
    """A reply that goes out as it is.

    Chalice refuses bytes to callers that send no Accept header, as Go's do, and cannot say an absent content type.
    """

    def __init__(self, reply: Reply) -> None:
        super().__init__(body="", headers={}, status_code=reply.status or 200)
        self.reply = reply

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:  # noqa: ARG002 - Chalice's signature
        """The answer of a proxy integration."""
        body, single = self.reply.body, self.reply.headers.items()
        return {
            "statusCode": self.status_code,
            "headers": {name: value for name, value in single if isinstance(value, str)},
            "multiValueHeaders": {name: list(value) for name, value in single if not isinstance(value, str)},
            "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
            "isBase64Encoded": isinstance(body, bytes),
        }


def mount(app: Chalice, rows: Iterable[Operation], door: Door[Ports]) -> None:
    """Every row is served by the app, and what no row serves is refused in the manner of the dialect it belongs to."""
    table_rows = tuple(rows)
    table = table_of(table_rows)
    site = Site(table, door)

    def view(**_: str) -> ChaliceResponse:
        request = app.current_request
        if request is None:
            raise LookupError("a view was called outside a request")
        return WireResponse(site.serve(arrival_of(request)))

    app.api.binary_types = [*app.api.default_binary_types, *BINARY_BODIES]
    for path, methods in routes_of(table_rows, table).items():
        app.route(path, methods=list(methods), content_types=["*/*"], name="view")(view)


def routes_of(rows: Iterable[Operation], table: Table) -> Mapping[str, tuple[str, ...]]:
    """The paths with an API Gateway resource of their own and the methods of each, and the two that take the rest.

    Parameters in the same place have the same name, as API Gateway demands.
    """
    names: dict[str, str] = {}
    routes: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.dialect.mounting is Mounting.EXPLICIT:
            routes[_resource(row.path, names)] = _methods(row, table)
    return {**routes, "/": METHODS, FALLBACK: METHODS}


def _methods(row: Operation, table: Table) -> tuple[str, ...]:
    """All, where a wrong method is refused in the dialect's own words: API Gateway would refuse it in JSON."""
    return METHODS if row.dialect.manner.wrong_method == NOT_FOUND else table.methods_at(row.path)


def resources_of(paths: Iterable[str]) -> int:
    """How many resources API Gateway makes for these paths, the root among them."""
    parts = (path.strip("/").split("/") for path in paths if path != "/")
    return 1 + len({tuple(segments[: depth + 1]) for segments in parts for depth in range(len(segments))})


def arrival_of(request: ChaliceRequest) -> Arrival:
    """What came, from Chalice's request."""
    given = request.query_params
    query = {name: tuple(given.getlist(name)) for name in given} if given is not None else {}
    raw = request.raw_body
    return Arrival(
        method=request.method,
        path=_raw_path(request.path, request.uri_params or {}),
        query=query,
        headers={name.lower(): value for name, value in request.headers.items()},
        content=raw.encode("utf-8") if isinstance(raw, str) else raw,
        id=request.context.get("requestId", ""),
    )


def _raw_path(resource: str, parameters: Mapping[str, str]) -> str:
    """The path as it came. Parameters arrive raw; a slash in one can only be a `%2F` that somebody unquoted."""
    if resource == FALLBACK:
        return f"/{parameters[REST]}"
    return PARAMETER.sub(lambda found: parameters[found[1]].replace("/", "%2F"), resource)


def _resource(path: str, names: dict[str, str]) -> str:
    place, resource = "", ""
    for segment in path.strip("/").split("/"):
        if (found := PARAMETER.fullmatch(segment)) is None:
            place, resource = f"{place}/{segment}", f"{resource}/{segment}"
            continue
        place = f"{place}/{{}}"
        wanted = found[1] if f"{{{found[1]}}}" not in resource else f"{found[1]}_{place.count('/')}"
        resource = f"{resource}/{{{names.setdefault(place, wanted)}}}"
    return resource or "/"
