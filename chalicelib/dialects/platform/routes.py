"""All rows of our own API."""

from collections.abc import Callable

from chalicelib.dialects.platform.access import routes as access
from chalicelib.dialects.platform.audit import routes as audit
from chalicelib.dialects.platform.jobs import routes as jobs
from chalicelib.dialects.platform.pages.routes import pages_of
from chalicelib.dialects.platform.runs import routes as runs
from chalicelib.http.operation import Operation


def operations_of(table: Callable[[], tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """The rows, among them those that tell of a table, which may hold these rows too."""
    return (
        *pages_of(table),
        *access.OPERATIONS,
        *audit.OPERATIONS,
        *runs.OPERATIONS,
        *jobs.OPERATIONS,
    )
