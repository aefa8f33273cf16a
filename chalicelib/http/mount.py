"""Puts the rows on a Chalice app: a route for each path, and one that takes whatever else comes."""

from collections.abc import Iterable, Mapping

from chalice.app import Chalice

from chalicelib.http.carrier import FALLBACK, carry
from chalicelib.http.match import Table, table_of
from chalicelib.http.operation import Mounting, Operation
from chalicelib.http.raw_request import METHODS, PARAMETER
from chalicelib.http.request_context import Ports, RequestContext
from chalicelib.http.serve import Site

NOT_FOUND = 404

MOST_RESOURCES = 300
"""Of one REST API, by AWS's quota."""


def mount(app: Chalice, rows: Iterable[Operation], context: RequestContext[Ports]) -> None:
    """Every row is served by the app, and what no row serves is refused in the manner of the dialect it belongs to."""
    table_rows = tuple(rows)
    table = table_of(table_rows)
    carry(app, routes_of(table_rows, table), Site(table, context).serve)


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
    return METHODS if row.dialect.error_format.wrong_method == NOT_FOUND else table.methods_at(row.path)


def resources_of(paths: Iterable[str]) -> int:
    """How many resources API Gateway makes for these paths, the root among them."""
    parts = (path.strip("/").split("/") for path in paths if path != "/")
    return 1 + len({tuple(segments[: depth + 1]) for segments in parts for depth in range(len(segments))})


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
