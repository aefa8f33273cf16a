"""The application: every dialect's rows over HTTP, mounted on one Chalice app, and WebSockets. Contains no logic."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, WebsocketEvent

from chalicelib import wiring
from chalicelib.dialects.mounted import PAGE_PREFIXES, ROUTES
from chalicelib.functions import live
from chalicelib.http.app_context import context_of
from chalicelib.http.site.carrier import carry
from chalicelib.http.site.lazy_site import LazySite, Part

if TYPE_CHECKING:
    from chalicelib.http.operation import Operation

BUILDMASTER = ("/api/releases", "/api/json", "/api/variables", "/api/infrastructure", "/executions")
STATE = ("/api/v1/state", "/api/v1/builds", "/api/v1/deployment-jobs", "/api/v1/pipelines", "/schemas")
DEPLOY = "/apps/deploy-api"
DIALECTS = (
    Part("chalicelib.dialects.platform.routes", ("/",), describes=True),
    Part("chalicelib.dialects.state.routes", STATE),
    Part("chalicelib.dialects.buildmaster.routes", BUILDMASTER),
    Part("chalicelib.dialects.flexdeploy.routes", ("/flexdeploy",)),
    Part("chalicelib.dialects.deploy.routes", ("/v1/", "/v2/", DEPLOY), outside=DEPLOY),
    Part("chalicelib.dialects.console.routes", PAGE_PREFIXES, is_pages=True),
    Part("chalicelib.dialects.inventory.routes", ("/api/v1/inventory", "/api/v1/internal")),
)
site = LazySite(DIALECTS, context_of(wiring.ports))
app = Chalice(app_name="slipway", configure_logs=False)
app.experimental_feature_flags.add("WEBSOCKETS")
carry(app, ROUTES, site.serve)
largest_body = site.largest_body


def __getattr__(name: str) -> "tuple[Operation, ...]":
    """Return OPERATIONS, the whole table. Its rows are imported only when they are needed."""
    if name != "OPERATIONS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return site.rows()


@app.on_ws_connect()
def connect(event: WebsocketEvent) -> Mapping[str, Any]:
    """Admit a viewer of a log."""
    return live.answer(wiring.ports(), event.to_dict())


@app.on_ws_message()
def say(event: WebsocketEvent) -> Mapping[str, Any]:
    """Answer a message of a viewer."""
    return live.answer(wiring.ports(), event.to_dict())


@app.on_ws_disconnect()
def disconnect(event: WebsocketEvent) -> Mapping[str, Any]:
    """Forget a viewer that disconnected."""
    return live.answer(wiring.ports(), event.to_dict())
