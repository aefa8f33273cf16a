"""From which pools the token of a runner leases; one from before pools had to be named goes on, and is told of."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from chalice.app import Chalice

from chalicelib.dialects.platform.jobs.routes import OPERATIONS
from chalicelib.http.app_context import context_of
from chalicelib.http.site.match import table_of
from chalicelib.http.site.mount import mount, routes_of
from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.use_cases.credentials.mint_token import Draft, draw_token
from tests.http.gateway import Gateway
from tests.http.house import Answered, ask_app
from tests.use_cases.access.access_ports import access_ports
from tests.use_cases.house import House


def lease(scopes: tuple[str, ...]) -> Answered:
    ports = replace(House().ports, access=access_ports().access)
    now = ports.clock.now()
    draft = Draft(
        kind=PrincipalKind.RUNNER, owner="r1", roles=("runner",), scopes=scopes, at=now, by="admin",
        until=now + timedelta(days=9),
    )  # fmt: skip
    issued = draw_token(ports, draft)
    ports.access.create_token(issued.token, None)
    app = Chalice("test", configure_logs=False, env={})
    mount(app, OPERATIONS, context_of(lambda: ports))
    body = json.dumps({"runner": "r1", "nonce": "n" * 16, "pool": "gpu"}).encode()
    place = Gateway(routes_of(OPERATIONS, table_of(OPERATIONS))).place("POST", "/api/v1/jobs/lease")
    return ask_app(app, "POST", "/api/v1/jobs/lease", body, headers={"X-Escape-Token": issued.text}, place=place)


@pytest.mark.parametrize(
    ("scopes", "status", "is_warned"),
    [(("runner",), 200, True), (("runner:gpu",), 200, False), (("runner:default", "runner:x"), 403, False)],
)
def test_a_runner_leases_from(
    scopes: tuple[str, ...], status: int, is_warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    assert lease(scopes).status == status
    assert ("names no pools" in caplog.text) is is_warned
