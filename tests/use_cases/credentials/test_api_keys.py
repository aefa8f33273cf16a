"""API keys: what they are granted, as whom they act, who makes them, and that they lead to nothing else."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may, may_call
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, Unauthenticated
from chalicelib.use_cases.access.acting import principal_of_actor
from chalicelib.use_cases.access.authenticate import by_password, by_token
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.access.users import CreateUser, ReplaceUser, UserSettings, create_user, replace_user
from chalicelib.use_cases.credentials.api_keys import IssueKey
from chalicelib.use_cases.credentials.login import LogIn, log_in
from chalicelib.use_cases.credentials.mint_token import Issued
from chalicelib.use_cases.credentials.tokens import IssueToken, RevokeToken, issue_token, revoke_token
from chalicelib.use_cases.ports.bundle import Ports
from tests.use_cases.access.access_ports import NOON, ROOT, access_ports, an_origin

WRITER = role_in("web", Level.WRITE)
ANN = Principal(name="ann", roles=frozenset({WRITER}), scopes=frozenset({ALL}))
RELEASES = (Grant.RELEASES, Grant.NATIVE)


@pytest.fixture
def ports() -> Ports:
    made = access_ports()
    for name in ("ann", "bob"):
        create_user(made, CreateUser(origin=an_origin(), name=name, standing=UserSettings(roles=(WRITER,))))
    return made


def a_key(ports: Ports, by: Principal = ROOT, user: str = "", label: str = "ci") -> Issued:
    return issue_token(ports, IssueKey(origin=an_origin(by), grants=RELEASES, user=user, label=label))


def test_a_key_of_nobody_is_an_owner_everywhere_within_its_grants(ports: Ports) -> None:
    key = by_token(ports, a_key(ports).text, NOON)

    assert (key.kind, key.name) == (PrincipalKind.KEY, "SYSTEM")
    assert may(key, Level.OWNER, "web")
    assert may(key, Level.OWNER, "anything")
    assert not is_admin(key)
    assert [grant for grant in Grant if may_call(key, grant)] == [Grant.NATIVE, Grant.RELEASES]


def test_a_key_of_a_user_acts_as_they_do(ports: Ports) -> None:
    key = by_token(ports, a_key(ports, user="ann").text, NOON)

    assert (key.kind, key.name, key.roles) == (PrincipalKind.USER, "ann", frozenset({WRITER}))
    assert key.grants == frozenset(RELEASES)


def test_every_other_credential_has_all_grants(ports: Ports) -> None:
    token = issue_token(ports, IssueToken(origin=an_origin(ANN)))

    assert all(may_call(by_token(ports, token.text, NOON), grant) for grant in Grant)


def test_one_makes_keys_of_one_s_own_and_admins_make_those_of_others_and_of_nobody(ports: Ports) -> None:
    assert by_token(ports, a_key(ports, ANN, user="ann").text, NOON).name == "ann"

    for user in ("bob", ""):
        with pytest.raises(Forbidden):
            a_key(ports, ANN, user=user)
    with pytest.raises(Forbidden):
        a_key(ports, replace(ROOT, kind=PrincipalKind.USER, name="ann", roles=frozenset()), user="bob")


def test_a_key_gives_out_no_scopes_that_its_maker_has_not(ports: Ports) -> None:
    narrow = replace(ANN, token="t1", scopes=frozenset({"read"}))

    with pytest.raises(Forbidden, match="gives out no scopes"):
        a_key(ports, narrow, user="ann")


def test_all_defects_of_a_key_are_told_at_once(ports: Ports) -> None:
    twice = IssueKey(origin=an_origin(), grants=(Grant.NATIVE, Grant.NATIVE), label="x" * 101, scopes=("king",))

    with pytest.raises(Invalid) as refused:
        issue_token(ports, twice)

    assert [defect.path for defect in refused.value.defects] == ["grants[1]", "label", "scopes[0]"]
    with pytest.raises(Invalid, match="grants: name at least one"):
        issue_token(ports, replace(twice, grants=()))
    with pytest.raises(Invalid, match="user: no user eve"):
        a_key(ports, user="eve")


def test_a_key_begins_no_session(ports: Ports) -> None:
    key = a_key(ports, ANN, user="ann")

    with pytest.raises(Unauthenticated):
        log_in(ports, LogIn(name="ann", secret=key.text, now=NOON, seed="s" * 64))


def test_a_key_comes_by_password_under_any_name(ports: Ports) -> None:
    assert by_password(ports, "api", a_key(ports).text, NOON).kind is PrincipalKind.KEY


def test_whoever_made_a_key_counts_as_having_begun_what_it_begins(ports: Ports) -> None:
    admin = replace(ROOT, kind=PrincipalKind.USER, name="bob")

    assert begun_by(ports, by_token(ports, a_key(ports, admin).text, NOON)) == ("key:SYSTEM", "user:bob")
    assert begun_by(ports, by_token(ports, a_key(ports, admin, user="ann").text, NOON)) == ("user:ann", "user:bob")
    assert begun_by(ports, by_token(ports, a_key(ports, ANN, user="ann").text, NOON)) == ("user:ann",)


def test_a_key_ends_with_whoever_made_it(ports: Ports) -> None:
    key = a_key(ports, replace(ROOT, kind=PrincipalKind.USER, name="bob"))
    replace_user(ports, ReplaceUser(origin=an_origin(), name="bob", standing=UserSettings(disabled=True)))

    with pytest.raises(Unauthenticated):
        by_token(ports, key.text, NOON)


def test_a_definition_acts_for_a_key_of_nobody_as_long_as_it_holds(ports: Ports) -> None:
    key = a_key(ports)
    actor = actor_of(by_token(ports, key.text, NOON), NOON)
    assert actor is not None
    assert may(principal_of_actor(ports, actor), Level.OWNER, "web")

    revoke_token(ports, RevokeToken(origin=an_origin(), id=key.token.id))

    with pytest.raises(Conflict, match="SYSTEM, whose token holds no more"):
        principal_of_actor(ports, actor)
