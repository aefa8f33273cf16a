"""Whose word counts at an approval."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.definitions.confirmation import may_decide
from chalicelib.kernel.plans.work import Approval
from tests.builders import a_gate

WRITE = frozenset({role_in("web", Level.WRITE)})


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
    assert may_decide(Principal(name="bob"), gate, "web")
    assert may_decide(Principal(name="eve", groups=frozenset({"ops"})), gate, "web")
