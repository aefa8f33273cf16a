"""Tokens are given out, listed and revoked; none gives more than the one with which it was asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL, RUNNER, Level, role_in
from chalicelib.kernel.access.token import is_well_formed
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.use_cases.access.authenticate import by_token
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.tokens import (
    IssueRunnerToken,
    IssueToken,
    ListTokens,
    RevokeToken,
    issue_token,
    list_tokens,
    revoke_token,
)
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.runs import Page
from tests.use_cases.access.access_ports import NOON, ROOT, access_ports, after, an_origin

ANN = Principal(name="ann", roles=frozenset({role_in("web", Level.OWNER)}), scopes=frozenset({ALL}))
BOB = replace(ANN, name="bob")


def test_a_new_token_is_shown_once_and_kept_as_a_hash() -> None:
    ports = access_ports()

    issued = issue_token(ports, IssueToken(origin=an_origin(ANN), label="laptop", scopes=("read",)))

    assert is_well_formed(issued.text)
    assert issued.text not in repr(issued)
    assert issued.text not in repr(ports.access.find_token(issued.token.id))
    assert issued.token.expires_at == NOON + timedelta(days=90)


def test_all_defects_of_an_ask_for_a_token_are_told_at_once() -> None:
    ask = IssueToken(origin=an_origin(ANN), label="x" * 101, scopes=("read", "all-of-it"), lifetime=timedelta(days=400))

    with pytest.raises(Invalid) as refused:
        issue_token(access_ports(), ask)

    assert [defect.path for defect in refused.value.defects] == ["label", "scopes[1]", "expires_in"]


def test_a_token_gives_out_no_scopes_that_it_has_not() -> None:
    ports = access_ports()
    narrow = replace(ANN, token="t1", scopes=frozenset({"read"}))

    issue_token(ports, IssueToken(origin=an_origin(narrow), scopes=("read",)))

    with pytest.raises(Forbidden, match="gives out no scopes"):
        issue_token(ports, IssueToken(origin=an_origin(narrow), scopes=("write",)))


@pytest.mark.parametrize("kind", [PrincipalKind.RUNNER, PrincipalKind.JOB])
def test_runners_and_jobs_have_no_tokens_but_their_own(kind: PrincipalKind) -> None:
    with pytest.raises(Forbidden, match="no token but its own"):
        issue_token(access_ports(), IssueToken(origin=an_origin(replace(ANN, kind=kind))))


def test_only_admins_give_tokens_to_runners() -> None:
    ports = access_ports()

    issued = issue_token(ports, IssueRunnerToken(origin=an_origin(), runner="r1", pools=("gpu",)))

    assert by_token(ports, issued.text, NOON).roles == {RUNNER}
    with pytest.raises(Forbidden):
        issue_token(ports, IssueRunnerToken(origin=an_origin(ANN), runner="r2", pools=("gpu",)))
    with pytest.raises(Invalid):
        issue_token(ports, IssueRunnerToken(origin=an_origin(), runner="", pools=("",)))
    with pytest.raises(Invalid, match="name those"):
        issue_token(ports, IssueRunnerToken(origin=an_origin(), runner="r1"))
    with pytest.raises(Invalid, match="name the pool"):
        issue_token(ports, IssueToken(origin=an_origin(), scopes=(RUNNER,)))


def test_tokens_are_listed_newest_first_and_only_to_their_owner_and_admins() -> None:
    ports = access_ports()
    for second in range(3):
        issue_token(ports, IssueToken(origin=an_origin(ANN, at=after(second)), label=str(second)))

    own = list_tokens(ports, ListTokens(by=ANN, page=Page(size=2)))

    assert [token.label for token in own] == ["2", "1"]
    assert len(list_tokens(ports, ListTokens(by=ROOT, owner="user:ann", page=Page()))) == 3
    with pytest.raises(Forbidden):
        list_tokens(ports, ListTokens(by=BOB, owner="user:ann", page=Page()))


def test_a_token_is_revoked_by_its_owner_or_an_admin_alone() -> None:
    ports = access_ports()
    create_user(ports, CreateUser(origin=an_origin(), name="ann", standing=UserSettings()))
    first, second = (issue_token(ports, IssueToken(origin=an_origin(ANN))).token.id for _ in range(2))

    with pytest.raises(NotFound):
        revoke_token(ports, RevokeToken(origin=an_origin(BOB), id=first))
    revoke_token(ports, RevokeToken(origin=an_origin(ANN), id=first))
    revoke_token(ports, RevokeToken(origin=an_origin(), id=second))

    assert list_tokens(ports, ListTokens(by=ANN, page=Page())) == []
    with pytest.raises(NotFound):
        revoke_token(ports, RevokeToken(origin=an_origin(ANN), id=first))


def test_giving_out_and_revoking_stand_in_the_audit_log_without_the_text() -> None:
    ports = access_ports()
    issued = issue_token(ports, IssueToken(origin=an_origin(ANN)))
    revoke_token(ports, RevokeToken(origin=an_origin(ANN), id=issued.token.id))

    log = ports.audits.find(AuditSearch(), Page()).entries

    assert {entry.act for entry in log} == {"issued-token", "revoked-token"}
    assert issued.text not in repr(log)


def test_a_narrow_token_neither_lists_nor_revokes_the_wider_ones_of_its_owner() -> None:
    ports = access_ports()
    whole = issue_token(ports, IssueToken(origin=an_origin(ANN))).token
    reading = issue_token(ports, IssueToken(origin=an_origin(ANN), scopes=("read",))).token
    narrow = replace(ANN, token=reading.id, scopes=frozenset({"read"}))

    assert [token.id for token in list_tokens(ports, ListTokens(by=narrow, page=Page(size=1)))] == [reading.id]
    with pytest.raises(NotFound):
        revoke_token(ports, RevokeToken(origin=an_origin(narrow), id=whole.id))
    revoke_token(ports, RevokeToken(origin=an_origin(narrow), id=reading.id))


def test_a_token_of_a_level_gives_out_lower_ones() -> None:
    narrow = replace(ANN, token="t1", scopes=frozenset({"write"}))

    issued = issue_token(access_ports(), IssueToken(origin=an_origin(narrow), scopes=("read",)))

    assert issued.token.scopes == ("read",)
