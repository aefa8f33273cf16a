"""Whose word counts at an approval."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL, RUNNER, Level, role_in
from chalicelib.kernel.definitions.confirmation import may_decide
from chalicelib.kernel.plans.work import Approval, ManualTask
from tests.builders import a_gate

WRITE = frozenset({role_in("web", Level.WRITE)})
WHOLE = frozenset({ALL})


@pytest.mark.parametrize("kind", [PrincipalKind.USER, PrincipalKind.SERVICE_ACCOUNT])
def test_any_writer_decides_where_nobody_is_named(kind: PrincipalKind) -> None:
    assert may_decide(Principal(name="ada", kind=kind, roles=WRITE), a_gate(), "web")


@pytest.mark.parametrize("work", [Approval(), Approval(user="run1.1.s1.1")])
@pytest.mark.parametrize("roles", [WRITE, frozenset({ADMIN})])
def test_no_job_decides_whatever_its_token_may(work: Approval, roles: frozenset[str]) -> None:
    job = Principal(name="run1.1.s1.1", kind=PrincipalKind.JOB, roles=roles)
    assert not may_decide(job, a_gate(work=work), "web")


def test_who_is_not_named_does_not_decide() -> None:
    gate = a_gate(work=Approval(user="bob", team="ops"))
    assert not may_decide(Principal(name="ada", roles=WRITE), gate, "web")
    assert may_decide(Principal(name="bob", scopes=WHOLE), gate, "web")
    assert may_decide(Principal(name="eve", groups=frozenset({"ops"}), scopes=WHOLE), gate, "web")


@pytest.mark.parametrize("scope", ["read", role_in("web", Level.READ), role_in("api", Level.OWNER), RUNNER, ADMIN])
@pytest.mark.parametrize("work", [Approval(user="ann"), Approval(team="ops"), ManualTask(team="ops")])
def test_a_token_that_may_only_read_decides_nothing(work: Approval | ManualTask, scope: str) -> None:
    ann = Principal(name="ann", groups=frozenset({"ops"}), roles=WRITE, scopes=frozenset({scope}))
    assert not may_decide(ann, a_gate(work=work), "web")


@pytest.mark.parametrize("scope", [ALL, "write", "owner", role_in("web", Level.WRITE)])
def test_a_token_that_may_write_decides_by_name(scope: str) -> None:
    assert may_decide(Principal(name="ann", scopes=frozenset({scope})), a_gate(work=Approval(user="ann")), "web")


def test_only_a_user_has_a_users_name() -> None:
    runner = Principal(name="ann", kind=PrincipalKind.RUNNER, roles=WRITE, scopes=WHOLE)
    assert not may_decide(runner, a_gate(work=Approval(user="ann")), "web")
