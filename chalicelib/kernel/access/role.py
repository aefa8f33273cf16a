"""Roles and scopes, as texts.

A role is `admin`, `runner` or `project:<project>:global:<level>`. A token's scope narrows the roles of its owner: it is
`all`, a level (at most that level, in every project), a role, `runner`, or `runner:<pool>`.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import reduce

ADMIN = "admin"
RUNNER = "runner"
ALL = "all"
EVERY_PROJECT = "*"
"""Stands for all projects when an admin's token is narrowed to a level. Not a valid project name."""


class Level(StrEnum):
    """Levels of access to a project, lowest first; each includes those before it.

    JOB: only for jobs without a service account, which may register, tag and upload; `state_role` says which deployment
    states they may write.
    """

    READ = "read"
    JOB = "job"
    WRITE = "write"
    OWNER = "owner"


LEVELS = tuple(Level)
GRANTABLE = tuple(level for level in Level if level is not Level.JOB)
"""The levels that users, service accounts and tokens are given."""


def role_in(project: str, level: Level) -> str:
    """The role that grants a level in a project."""
    return f"project:{project}:global:{level}"


def state_role(project: str, environment: str, deployment: str = "") -> str:
    """Return the role that lets a job write the state of a root deployment, or of all in the environment."""
    return f"state:{project}/{environment}{f'/{deployment}' if deployment else ''}"


def grant_of(role: str) -> tuple[str, Level] | None:
    """Project and level that a role grants; None for roles that are not a project's."""
    match role.split(":"):
        case ["project", project, "global", level] if project and level in LEVELS:
            return project, Level(level)
        case _:
            return None


def is_role(text: str) -> bool:
    """Whether the text is a role that can be assigned."""
    grant = grant_of(text)
    return text in (ADMIN, RUNNER) or (grant is not None and grant[0] != EVERY_PROJECT and grant[1] in GRANTABLE)


def is_scope(text: str) -> bool:
    """Whether the text is a valid scope of a token."""
    return text == ALL or text in GRANTABLE or is_role(text) or pool_of(text) is not None


def pool_of(scope: str) -> str | None:
    """The pool to which a scope limits a runner; None when it limits to no pool."""
    word, _, pool = scope.partition(":")
    return pool if word == RUNNER and pool else None


def scope_of_pool(pool: str) -> str:
    """The scope that limits a runner to a pool."""
    return f"{RUNNER}:{pool}"


def narrowed(roles: frozenset[str], scopes: frozenset[str]) -> frozenset[str]:
    """Return what a token with these scopes leaves of its owner's roles."""
    parts = (_narrowed_to(roles, scope) for scope in scopes)
    return reduce(frozenset.union, parts, frozenset())


def leaves_room(scopes: Iterable[str], level: Level, project: str) -> bool:
    """Return True if the scopes of a token allow this level in the project, whatever roles its owner has.

    For rights that a person has by name or team, without a role that scopes could narrow.
    """
    wanted = role_in(project, level)
    return any(covers(scope, wanted) for scope in scopes)


def is_within(scopes: Iterable[str], wider: Iterable[str]) -> bool:
    """Return True if a token with the wider scopes can do all that a token with these scopes can."""
    held = tuple(wider)
    return all(any(covers(own, scope) for own in held) for scope in scopes)


def covers(wide: str, scope: str) -> bool:
    """Return True if the wide scope includes the other, for every owner of a token."""
    if wide in (ALL, scope):
        return True
    if wide == RUNNER:
        return pool_of(scope) is not None
    least = Level(scope) if scope in LEVELS else _level_of(scope)
    if least is None:
        return False
    most = Level(wide) if wide in LEVELS else _level_of(wide)
    is_there = wide in LEVELS or (scope not in LEVELS and _project_of(wide) == _project_of(scope))
    return is_there and most is not None and LEVELS.index(least) <= LEVELS.index(most)


def projects_of(roles: Iterable[str]) -> frozenset[str]:
    """The projects in which the roles grant anything."""
    return frozenset(grant[0] for grant in map(grant_of, roles) if grant is not None)


def _narrowed_to(roles: frozenset[str], scope: str) -> frozenset[str]:
    if scope == ALL:
        return roles
    if scope in LEVELS:
        return frozenset(_capped(role, Level(scope)) for role in roles if role != RUNNER)
    if scope == RUNNER or pool_of(scope) is not None:
        return frozenset({RUNNER}) if roles & {ADMIN, RUNNER} else frozenset()
    if scope == ADMIN:
        return roles & {ADMIN}
    return _narrowed_to_role(roles, scope)


def _narrowed_to_role(roles: frozenset[str], scope: str) -> frozenset[str]:
    wanted = grant_of(scope)
    if wanted is None:
        return frozenset()
    if ADMIN in roles:
        return frozenset({scope})
    project, level = wanted
    grants = (grant_of(role) for role in roles)
    held = (grant[1] for grant in grants if grant is not None and grant[0] in (project, EVERY_PROJECT))
    return frozenset(role_in(project, _lower(level, has)) for has in held)


def _level_of(role: str) -> Level | None:
    grant = grant_of(role)
    return grant[1] if grant is not None else None


def _project_of(role: str) -> str | None:
    grant = grant_of(role)
    return grant[0] if grant is not None else None


def _capped(role: str, most: Level) -> str:
    grant = grant_of(role)
    if grant is None:
        return role_in(EVERY_PROJECT, most)
    return role_in(grant[0], _lower(grant[1], most))


def _lower(one: Level, other: Level) -> Level:
    return min(one, other, key=LEVELS.index)
