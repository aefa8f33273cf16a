"""What Lambda serves over HTTP: every dialect's rows, mounted on one Chalice app. No logic lives here."""

from chalice.app import Chalice

from chalicelib import wiring
from chalicelib.dialects.inventory import routes as routes_inventory
from chalicelib.dialects.platform import routes_access, routes_audit, routes_jobs, routes_runs
from chalicelib.dialects.platform.routes_pages import pages_of
from chalicelib.dialects.state import routes as routes_state
from chalicelib.http.entrance import door_of
from chalicelib.http.mount import mount
from chalicelib.http.operation import Operation


def _table() -> tuple[Operation, ...]:
    return OPERATIONS


OPERATIONS: tuple[Operation, ...] = (
    *pages_of(_table),
    *routes_access.OPERATIONS,
    *routes_audit.OPERATIONS,
    *routes_runs.OPERATIONS,
    *routes_jobs.OPERATIONS,
    *routes_state.OPERATIONS,
    *routes_inventory.OPERATIONS,
)

app = Chalice(app_name="slipway", configure_logs=False)
mount(app, OPERATIONS, door_of(wiring.ports))
