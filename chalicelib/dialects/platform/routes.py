"""All rows of Slipway's own API."""

from collections.abc import Callable

from chalicelib.dialects.platform.access import routes as access
from chalicelib.dialects.platform.audit import routes as audit
from chalicelib.dialects.platform.deploys import routes as deploys
from chalicelib.dialects.platform.environments import routes as environments
from chalicelib.dialects.platform.events import routes as events
from chalicelib.dialects.platform.freezes import routes as freezes
from chalicelib.dialects.platform.insights import routes as insights
from chalicelib.dialects.platform.jobs import routes as jobs
from chalicelib.dialects.platform.logs import routes as logs
from chalicelib.dialects.platform.matrix import routes as matrix
from chalicelib.dialects.platform.outgoing_webhooks import routes as webhooks
from chalicelib.dialects.platform.pages.routes import pages_of
from chalicelib.dialects.platform.releases import routes as releases
from chalicelib.dialects.platform.repositories import routes as repositories
from chalicelib.dialects.platform.runs import routes as runs
from chalicelib.dialects.platform.task_templates import routes as task_templates
from chalicelib.dialects.platform.trains import routes as trains
from chalicelib.dialects.platform.workloads import routes as workloads
from chalicelib.http.operation import Operation


def operations_of(table: Callable[[], tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Return the rows, including those that document `table`, which may contain these rows."""
    return (
        *pages_of(table),
        *access.OPERATIONS,
        *audit.OPERATIONS,
        *runs.OPERATIONS,
        *logs.OPERATIONS,
        *freezes.OPERATIONS,
        *matrix.OPERATIONS,
        *events.OPERATIONS,
        *deploys.OPERATIONS,
        *environments.OPERATIONS,
        *releases.OPERATIONS,
        *webhooks.OPERATIONS,
        *insights.OPERATIONS,
        *trains.OPERATIONS,
        *jobs.OPERATIONS,
        *workloads.OPERATIONS,
        *repositories.OPERATIONS,
        *task_templates.OPERATIONS,
    )
