"""A name and a secret are traded for a session, which ends by itself or by logging out."""

from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import PrincipalKind, is_admin
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.use_cases.access.authenticate import REFUSAL, by_token
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.credentials.login import LogIn, log_in, log_out, login_methods
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.credentials.tokens import IssueRunnerToken, IssueToken, issue_token
from chalicelib.use_cases.ports.bundle import Ports, Settings
from tests.use_cases.access.access_ports import NOON, SEEDS, access_ports, an_origin
from tests.use_cases.house import CHEAPEST

PASSWORD = "correct horse battery"


def some_ports() -> Ports:
    ports = access_ports()
    standing = UserSettings(mail="ann@example.org", password=PASSWORD, roles=(role_in("web", Level.OWNER),))
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=standing))
    return ports


def shown(ports: Ports, name: str, secret: str) -> Issued:
    return log_in(ports, LogIn(name=name, secret=secret, now=NOON, seed=SEEDS.next())).issued


def test_a_user_gets_a_session_of_half_a_day() -> None:
    ports = some_ports()

    session = shown(ports, "ann@example.org", PASSWORD)

    assert session.token.is_session
    assert by_token(ports, session.text, NOON + timedelta(hours=11)).name == "ann"
    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, session.text, NOON + timedelta(hours=12))


@pytest.mark.parametrize("name", ["ci", "web/ci"])
def test_a_service_account_gets_a_session_for_its_secret_token(name: str) -> None:
    ports = some_ports()
    ask = CreateServiceAccount(origin=an_origin(), project="web", name="ci", role=Level.WRITE)
    _, secret = create_service_account(ports, ask)

    session = shown(ports, name, secret.text)

    found = by_token(ports, session.text, NOON + timedelta(days=29))
    assert (found.name, found.kind) == ("web/ci", PrincipalKind.SERVICE_ACCOUNT)


def test_an_admin_token_opens_a_session_too() -> None:
    ports = some_ports()
    text = ensure_admin(ports, EnsureAdmin(now=NOON))
    assert text is not None

    assert is_admin(by_token(ports, shown(ports, "admin", text).text, NOON))


def test_a_session_has_the_scopes_of_the_token_that_was_shown() -> None:
    ports = some_ports()
    ann = by_token(ports, shown(ports, "ann", PASSWORD).text, NOON)
    narrow = issue_token(ports, IssueToken(origin=an_origin(ann), scopes=("read",)))

    assert shown(ports, "ann", narrow.text).token.scopes == ("read",)


def test_wrong_secrets_other_names_and_runners_are_refused_alike() -> None:
    ports = some_ports()
    runner = issue_token(ports, IssueRunnerToken(origin=an_origin(), runner="r1", pools=("default",))).text
    ask = CreateServiceAccount(origin=an_origin(), project="web", name="ci", role=Level.WRITE)
    _, secret = create_service_account(ports, ask)

    for name, shown_secret in (("ann", "wrong"), ("nobody", PASSWORD), ("r1", runner), ("ann", secret.text)):
        with pytest.raises(Unauthenticated, match=REFUSAL):
            shown(ports, name, shown_secret)


def test_logging_out_ends_the_session_and_no_other_token() -> None:
    ports = some_ports()
    session = shown(ports, "ann", PASSWORD)
    ann = by_token(ports, session.text, NOON)
    other = issue_token(ports, IssueToken(origin=an_origin(ann)))

    log_out(ports, an_origin(by_token(ports, other.text, NOON)))
    log_out(ports, an_origin(ann))
    log_out(ports, an_origin(ann))

    assert by_token(ports, other.text, NOON).name == "ann"
    with pytest.raises(Unauthenticated, match=REFUSAL):
        by_token(ports, session.text, NOON)


def test_the_ways_to_log_in_have_absolute_addresses() -> None:
    ports = access_ports(settings=Settings(public_url="https://slipway.example.org", hash_cost=CHEAPEST))

    (method,) = login_methods(ports)

    assert (method.name, method.type) == ("service-account", "secret-token")
    assert method.url == "https://slipway.example.org/api/v1/auth/service-account/login"
