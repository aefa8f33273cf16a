"""Rows made ready once for many apps: most tests make an app of their own, and to sort its rows took most of that."""

from collections.abc import Sequence

from chalice.app import Chalice

from chalicelib.http.operation import Operation
from chalicelib.http.request_context import Ports, RequestContext
from chalicelib.http.site.carrier import carry
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import routes_of
from chalicelib.http.site.serve import Site
from tests.http.gateway import Gateway


class Prepared:
    """The rows as `mount` finds and serves them."""

    def __init__(self, rows: Sequence[Operation]) -> None:
        self._table = table_of(rows)
        self._routes = routes_of(rows, self._table)
        self.gateway = Gateway(self._routes)

    def app(self, context: RequestContext[Ports]) -> Chalice:
        """A new app that serves them."""
        made = Chalice("test", configure_logs=False, env={})
        carry(made, self._routes, Site(self._table, context).serve)
        return made
