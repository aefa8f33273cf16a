"""What Lambda serves over HTTP: every dialect's rows, mounted on one Chalice app. No logic lives here."""

from datetime import UTC, datetime
from itertools import count

from chalice.app import Chalice

from chalicelib.dialects.platform.routes_pages import pages_of
from chalicelib.http.credential import Credential
from chalicelib.http.door import Door
from chalicelib.http.mount import mount
from chalicelib.http.operation import Operation
from chalicelib.kernel.faults import Unavailable
from chalicelib.kernel.principal import Principal
from chalicelib.use_cases.ports_access import Idempotency


def _nobody(_: None, __: Credential, ___: datetime) -> Principal:
    raise Unavailable("nobody is known yet")


def _nothing(_: None) -> Idempotency:
    raise Unavailable("nothing is kept yet")


def _table() -> tuple[Operation, ...]:
    return OPERATIONS


# Until there is a wiring, the pages alone are served, and they need neither clock nor people.
CLOSED: Door[None] = Door(
    ports_of=lambda: None,
    now=lambda: datetime.fromtimestamp(0, UTC),
    new_id=count(1).__repr__,
    principal_of=_nobody,
    project_of=lambda _, __: None,
    records_of=_nothing,
)

OPERATIONS: tuple[Operation, ...] = pages_of(_table)

app = Chalice(app_name="slipway", configure_logs=False)
mount(app, OPERATIONS, CLOSED)
