"""The door to the ports as they are: whoever shows a credential is found by the use cases."""

import base64
from dataclasses import replace

import pytest
from chalice.app import Chalice

from chalicelib.http.app_context import context_of
from chalicelib.http.credential import AuthScheme
from chalicelib.http.operation import OUR_SCHEMES, Dialect, Flag, Group, Handling
from chalicelib.http.permission import AUTHENTICATED, PUBLIC
from chalicelib.http.refuse import JSON_ERRORS
from chalicelib.http.reply import text_reply
from chalicelib.http.request import Request
from chalicelib.http.site.mount import mount
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.ports.issuer import Claims
from tests.builders import an_entry
from tests.fakes.issuer import FakeIssuer
from tests.http.house import Answered, ask_app
from tests.use_cases.access.access_ports import NOON, access_ports

DIALECT = Dialect(
    name="d", title="D", prefixes=("/",), error_format=JSON_ERRORS, schemes=OUR_SCHEMES | {AuthScheme.IDENTITY}
)


def read(request: Request) -> str:
    return f"{request.principal.name if request.principal else 'nobody'} at {request.now:%H:%M}"


def say(_: Ports, ask: str) -> str:
    return ask


def served(ports: Ports | None = None) -> tuple[Chalice, str]:
    """An app of these ports, and its admin's token."""
    ports = ports or access_ports()
    token = ensure_admin(ports, EnsureAdmin(now=NOON))
    assert token is not None
    group, say_it = Group(DIALECT, "G"), Handling(read, say, text_reply)
    rows = [
        group.operation("GET /me", "S.", AUTHENTICATED, say_it),
        group.operation("GET /any", "S.", PUBLIC, say_it),
        group.operation("GET /change", "S.", AUTHENTICATED, say_it, flags=frozenset({Flag.CHANGES})),
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


def with_ann(*, trusts: bool = False) -> Chalice:
    """An app that knows Ann by a JWT from outside, and by a header with a secret or where that is trusted."""
    ports = access_ports(issuer=FakeIssuer({JWT: Claims(subject="ann@example.org", issued_at=NOON)}))
    ports = replace(ports, settings=Settings(trusts_identity_header=trusts, identity_secret="known inside"))
    ports.access.create_user(User(name="ann", mail="ann@example.org", created_at=NOON), an_entry())
    return served(ports)[0]


JWT = "a.jwt.from-outside"
ANN = {"Identity": "Ann@example.org"}
FROM_A_PAGE = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": f"authtoken={JWT}"},
        {"Authorization": f"Bearer {JWT}"},
        {**ANN, "Identity-Secret": "known inside"},
    ],
)
def test_who_was_named_outside_is_known(headers: dict[str, str]) -> None:
    assert get(with_ann(), "/me", headers).text == "ann at 12:00"
    assert get(with_ann(), "/change", headers).text == "ann at 12:00"


@pytest.mark.parametrize("headers", [{"Cookie": f"authtoken={JWT}"}, {**ANN, "Identity-Secret": "known inside"}])
def test_a_page_of_another_site_changes_nothing_by_what_a_browser_or_a_proxy_adds(headers: dict[str, str]) -> None:
    assert get(with_ann(), "/change", headers | FROM_A_PAGE).status == 401


@pytest.mark.parametrize(
    "headers",
    [
        ANN,
        {**ANN, "Identity-Secret": "known outside"},
        {**ANN, "Identity-Secret": ""},
        {"X-Escape-Token": JWT},
        {"Cookie": f"x-escape-token={JWT}"},
    ],
)
def test_who_only_says_so_is_nobody(headers: dict[str, str]) -> None:
    assert get(with_ann(), "/me", headers).status == 401


@pytest.mark.parametrize("worthless", [{"Cookie": "authtoken=x.y.z"}, {"Authorization": "Bearer x.y.z"}])
def test_beside_a_jwt_that_is_worth_nothing_a_name_is_not_read(worthless: dict[str, str]) -> None:
    assert get(with_ann(trusts=True), "/me", ANN).text == "ann at 12:00"
    assert get(with_ann(trusts=True), "/me", ANN | worthless).status == 401
