"""Scopes only ever take away, and the levels hold one another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.principal import Principal, is_admin, is_runner, level_in, may, may_lease
from chalicelib.kernel.access.role import (
    ADMIN,
    ALL,
    LEVELS,
    RUNNER,
    Level,
    is_role,
    is_scope,
    is_within,
    narrowed,
    projects_of,
    role_in,
)

PROJECTS = ("web", "api")
ROLES = st.frozensets(
    st.sampled_from((ADMIN, RUNNER, *(role_in(project, level) for project in PROJECTS for level in LEVELS)))
)
SCOPES = st.frozensets(
    st.sampled_from((ALL, ADMIN, RUNNER, "runner:gpu", *LEVELS, *(role_in("web", level) for level in LEVELS)))
)


@given(ROLES, SCOPES)
def test_a_scope_never_grants_what_the_owner_has_not(roles: frozenset[str], scopes: frozenset[str]) -> None:
    owner = Principal(name="ann", roles=roles)
    bearer = Principal(name="ann", roles=narrowed(roles, scopes))

    for project in PROJECTS:
        for level in LEVELS:
            assert may(owner, level, project) or not may(bearer, level, project)
    assert is_admin(owner) or not is_admin(bearer)
    assert is_runner(owner) or not is_runner(bearer)


@given(ROLES)
def test_the_scope_all_takes_nothing_away(roles: frozenset[str]) -> None:
    assert narrowed(roles, frozenset({ALL})) == roles


@given(ROLES)
def test_without_a_scope_nothing_is_left(roles: frozenset[str]) -> None:
    assert narrowed(roles, frozenset()) == frozenset()


@pytest.mark.parametrize("held", LEVELS)
@pytest.mark.parametrize("asked", LEVELS)
def test_a_level_holds_those_below_it(held: Level, asked: Level) -> None:
    principal = Principal(name="ann", roles=frozenset({role_in("web", held)}))

    assert may(principal, asked, "web") == (LEVELS.index(asked) <= LEVELS.index(held))
    assert not may(principal, asked, "api")
    assert level_in(principal, "web") is (Level.READ if held is Level.JOB else held)


def test_an_admin_with_the_scope_read_reads_every_project_and_changes_none() -> None:
    bearer = Principal(name="root", roles=narrowed(frozenset({ADMIN}), frozenset({"read"})))

    assert may(bearer, Level.READ, "web")
    assert not may(bearer, Level.WRITE, "web")
    assert not is_admin(bearer)


def test_a_role_as_scope_binds_a_token_to_one_project_at_most_at_that_level() -> None:
    roles = frozenset({role_in("web", Level.OWNER), role_in("api", Level.OWNER)})

    assert narrowed(roles, frozenset({role_in("web", Level.WRITE)})) == {role_in("web", Level.WRITE)}


def test_a_runner_bound_to_pools_leases_from_those_alone() -> None:
    bound = Principal(name="r1", roles=frozenset({RUNNER}), scopes=frozenset({"runner:gpu"}))
    free = Principal(name="r2", roles=frozenset({RUNNER}), scopes=frozenset({RUNNER}))

    assert may_lease(bound, "gpu")
    assert not may_lease(bound, "default")
    assert may_lease(free, "default")
    assert not may_lease(Principal(name="ann"), "default")


@pytest.mark.parametrize(
    "text",
    ["", "root", "project:web:global:job", "project:web:global:all", "project::global:read", "project:*:global:read"],
)
def test_other_texts_are_no_roles(text: str) -> None:
    assert not is_role(text)


def test_scopes_are_roles_levels_pools_and_all() -> None:
    assert all(map(is_scope, (ALL, ADMIN, RUNNER, "runner:gpu", "read", "project:web:global:read")))
    assert not any(map(is_scope, ("", "job", "runner:", "everything", "project:web:global:")))


def test_the_projects_of_roles_are_those_in_which_they_grant_anything() -> None:
    assert projects_of({ADMIN, role_in("web", Level.READ), role_in("api", Level.OWNER)}) == {"web", "api"}


@given(ROLES, SCOPES, SCOPES)
def test_scopes_within_others_never_leave_more_than_those(
    roles: frozenset[str], some: frozenset[str], wider: frozenset[str]
) -> None:
    some_bearer = Principal(name="ann", roles=narrowed(roles, some))
    wide_bearer = Principal(name="ann", roles=narrowed(roles, wider))

    if is_within(some, wider):
        for project in PROJECTS:
            for level in LEVELS:
                assert may(wide_bearer, level, project) or not may(some_bearer, level, project)
        assert is_admin(wide_bearer) or not is_admin(some_bearer)
        assert is_runner(wide_bearer) or not is_runner(some_bearer)
