"""What is served: every dialect's rows over HTTP, mounted on one Chalice app, and WebSockets. No logic lives here."""

from collections.abc import Mapping
from typing import Any

from chalice.app import Chalice, WebsocketEvent

from chalicelib import wiring
from chalicelib.dialects.inventory import routes as routes_inventory
from chalicelib.dialects.platform.access import routes as routes_access
from chalicelib.dialects.platform.audit import routes as routes_audit
from chalicelib.dialects.platform.jobs import routes as routes_jobs
from chalicelib.dialects.platform.pages.routes import pages_of
from chalicelib.dialects.platform.runs import routes as routes_runs
from chalicelib.dialects.state import routes as routes_state
from chalicelib.functions import live
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
app.experimental_feature_flags.add("WEBSOCKETS")
mount(app, OPERATIONS, door_of(wiring.ports))


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> Mapping[str, Any]:
    """Somebody wants to watch."""
    return live.answer(wiring.ports(), event.to_dict())


@app.on_ws_message()
def say(event: WebsocketEvent) -> Mapping[str, Any]:
    """Somebody who watches says something."""
    return live.answer(wiring.ports(), event.to_dict())


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> Mapping[str, Any]:
    """Somebody has left."""
    return live.answer(wiring.ports(), event.to_dict())
