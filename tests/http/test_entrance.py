"""The door to the ports as they are: whoever shows a credential is found by the use cases."""

import base64

import pytest
from chalice.app import Chalice

from chalicelib.http.app_context import context_of
from chalicelib.http.credential import AuthScheme
from chalicelib.http.mount import mount
from chalicelib.http.operation import OUR_SCHEMES, Dialect, Group, Handling
from chalicelib.http.permission import AUTHENTICATED, PUBLIC
from chalicelib.http.refuse import JSON_ERRORS
from chalicelib.http.reply import text_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.access.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Ports
from tests.http.house import Answered, ask_app
from tests.use_cases.access.access_ports import NOON, access_ports

DIALECT = Dialect(
    name="d", title="D", prefixes=("/",), error_format=JSON_ERRORS, schemes=OUR_SCHEMES | {AuthScheme.IDENTITY}
)


def read(request: Request) -> str:
    return f"{request.principal.name if request.principal else 'nobody'} at {request.now:%H:%M}"


def say(_: Ports, ask: str) -> str:
    return ask


def served() -> tuple[Chalice, str]:
    """An app whose only principal is the admin, and the admin's token."""
    ports = access_ports()
    token = ensure_admin(ports, EnsureAdmin(now=NOON))
    assert token is not None
    group, say_it = Group(DIALECT, "G"), Handling(read, say, text_reply)
    rows = [
        group.operation("GET /me", "S.", AUTHENTICATED, say_it),
        group.operation("GET /any", "S.", PUBLIC, say_it),
    ]
    app = Chalice("test", configure_logs=False, env={})
    mount(app, rows, context_of(lambda: ports))
    return app, token


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def get(app: Chalice, path: str, headers: dict[str, str]) -> Answered:
    return ask_app(app, "GET", path, headers=headers)


def test_the_admins_token_is_known_however_it_comes() -> None:
    app, token = served()
    ways = [
        {"X-Escape-Token": token},
        {"Authorization": f"Bearer {token}"},
        {"Authorization": basic("admin", token)},
        {"Cookie": f"X-Escape-Token={token}"},
        {"Cookie": f"authtoken={token}"},
    ]

    assert {get(app, "/me", way).text for way in ways} == {"admin at 12:00"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Escape-Token": "nonsense"},
        {"Authorization": basic("admin", "nonsense")},
        {"Identity": "admin@example.org"},
    ],
)
def test_nobody_else_is(headers: dict[str, str]) -> None:
    assert get(served()[0], "/me", headers).status == 401


def test_a_public_row_is_open_and_has_the_houses_time() -> None:
    assert get(served()[0], "/any", {}).text == "nobody at 12:00"
