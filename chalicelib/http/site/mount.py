"""Mount rows on a Chalice app: a route for each path, and catch-all routes for the rest."""

from collections.abc import Iterable, Mapping

from chalice.app import Chalice

from chalicelib.http.operation import Mounting, Operation
from chalicelib.http.raw_request import METHODS, PARAMETER
from chalicelib.http.request_context import Ports, RequestContext
from chalicelib.http.site.carrier import FALLBACK, carry
from chalicelib.http.site.match import Table, table_of
from chalicelib.http.site.serve import Site

NOT_FOUND = 404

MOST_RESOURCES = 300
"""AWS's quota for one REST API."""


def mount(app: Chalice, rows: Iterable[Operation], context: RequestContext[Ports]) -> None:
    """Serve every row with the app; refuse other paths in the error format of their dialect."""
    table_rows = tuple(rows)
    table = table_of(table_rows)
    carry(app, routes_of(table_rows, table), Site(table, context).serve)


def routes_of(rows: Iterable[Operation], table: Table) -> Mapping[str, tuple[str, ...]]:
    """Return the paths with an API Gateway resource and their methods, and the two catch-all paths.

    Parameters in the same position get the same name, as API Gateway requires.
    """
    names: dict[str, str] = {}
    routes: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.dialect.mounting is Mounting.EXPLICIT:
            routes[_resource(row.path, names)] = _methods(row, table)
    return {**routes, "/": METHODS, FALLBACK: METHODS}


def _methods(row: Operation, table: Table) -> tuple[str, ...]:
    """Return the row's methods; all methods if the dialect refuses wrong ones itself: API Gateway would refuse them in
    JSON.
    """
    return METHODS if row.dialect.error_format.wrong_method == NOT_FOUND else table.methods_at(row.path)


def page_routes_of(rows: Iterable[Operation]) -> tuple[str, ...]:
    """Return the paths with an API Gateway resource of pages: their first segments, and all below those that go on."""
    paths = [row.path.strip("/").split("/") for row in rows]
    return tuple(dict.fromkeys(f"/{first}{FALLBACK if rest else ''}" for first, *rest in paths))


def resources_of(paths: Iterable[str]) -> int:
    """Return the number of resources that API Gateway creates for these paths, including the root."""
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
