"""Rows made ready once are served as mounted ones are."""

from chalice.app import Chalice

from app import OPERATIONS
from chalicelib.http.app_context import context_of
from chalicelib.http.site.mount import mount
from tests.http.prepared import Prepared
from tests.use_cases.house import House


def routes(app: Chalice) -> dict[str, list[str]]:
    return {path: sorted(methods) for path, methods in app.routes.items()}


def test_an_app_of_them_has_the_routes_that_mounting_gives_it() -> None:
    context = context_of(lambda: House().ports)
    mounted = Chalice("mounted", configure_logs=False, env={})
    mount(mounted, OPERATIONS, context)

    assert routes(Prepared(OPERATIONS).app(context)) == routes(mounted)
