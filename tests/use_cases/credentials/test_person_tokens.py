"""Tokens that admins issue for persons who have no password."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.person_tokens import IssuePersonToken
from chalicelib.use_cases.credentials.tokens import issue_token
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from tests.use_cases.access.access_ports import NOON, ROOT, access_ports, an_origin

WRITER = role_in("web", Level.WRITE)
BOB = Principal(name="bob", roles=frozenset({WRITER}), scopes=frozenset({ALL}))


@pytest.fixture
def ports() -> Ports:
    made = access_ports()
    standing = UserSettings(roles=(WRITER,))
    create_user(made, CreateUser(origin=an_origin(), name="ann", standing=standing))
    create_user(made, CreateUser(origin=an_origin(), name="gone", standing=replace(standing, disabled=True)))
    with_password = replace(standing, password="a long enough word")
    create_user(made, CreateUser(origin=an_origin(), name="own", standing=with_password))
    return made


def issued(ports: Ports, user: str, by: Principal = ROOT, scopes: tuple[str, ...] = (ALL,)) -> Issued:
    return issue_token(ports, IssuePersonToken(origin=an_origin(by), user=user, scopes=scopes))


def test_the_token_is_the_persons_and_says_who_issued_it(ports: Ports) -> None:
    made = issued(ports, "ann", scopes=("read",))
    ann = by_token(ports, made.text, NOON)
    assert (ann.kind, ann.name, may(ann, Level.READ, "web"), may(ann, Level.WRITE, "web")) == (
        PrincipalKind.USER,
        "ann",
        True,
        False,
    )
    assert [one.minted_by for one in ports.access.tokens_of("user:ann", Page())] == [f"admin:{ROOT.name}"]


def test_only_admins_issue_it(ports: Ports) -> None:
    with pytest.raises(Forbidden):
        issued(ports, "ann", by=BOB)


@pytest.mark.parametrize(("user", "fault"), [("own", Conflict), ("gone", Conflict), ("ghost", Invalid), ("", Invalid)])
def test_for_whom_it_is_not_it_is_refused(ports: Ports, user: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        issued(ports, user)
