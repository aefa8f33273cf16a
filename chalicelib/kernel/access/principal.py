"""Principals and what they are permitted. How a caller authenticates: use_cases/access and http."""

from enum import StrEnum

from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.role import (
    ADMIN,
    EVERY_PROJECT,
    GRANTABLE,
    LEVELS,
    RUNNER,
    Level,
    grant_of,
    pool_of,
    role_in,
    state_role,
)
from slipway_formats.frozen import frozen


class PrincipalKind(StrEnum):
    """Kinds of principal. ADMIN: the token created at first start, which belongs to no user. KEY: a key of no user."""

    USER = "user"
    SERVICE_ACCOUNT = "service-account"
    RUNNER = "runner"
    JOB = "job"
    ADMIN = "admin"
    KEY = "key"


class Proof(StrEnum):
    """How a caller came who showed neither a token nor a password of ours."""

    ISSUER = "outside issuer"
    IDENTITY_HEADER = "identity header"


@frozen
class Principal:
    """An authenticated caller: a user, service account, runner or job.

    roles: `admin`, `runner` and `project:<project>:global:<level>`, already narrowed by the token's scopes. token: id
    of the token used; empty after authentication by password. owner_roles: before the scopes narrowed them, for rules
    that take away. grants: of an API key, the only APIs that it may call; None for every other credential. proof: how
    they came, where that is by nothing of ours.
    """

    name: str
    roles: frozenset[str] = frozenset()
    kind: PrincipalKind = PrincipalKind.USER
    groups: frozenset[str] = frozenset()
    token: str = ""
    scopes: frozenset[str] = frozenset()
    owner_roles: frozenset[str] = frozenset()
    grants: frozenset[Grant] | None = None
    proof: Proof | None = None


def is_admin(principal: Principal) -> bool:
    """Whether the principal has the admin role."""
    return ADMIN in principal.roles


def is_runner(principal: Principal) -> bool:
    """Whether the principal may act as a runner."""
    return RUNNER in principal.roles or is_admin(principal)


def may(principal: Principal, level: Level, project: str) -> bool:
    """Whether the principal has at least this level in the project."""
    if is_admin(principal):
        return True
    enough = LEVELS[LEVELS.index(level) :]
    places = (project, EVERY_PROJECT)
    return any(role_in(place, each) in principal.roles for place in places for each in enough)


def may_somewhere(principal: Principal, level: Level) -> bool:
    """Whether the principal has at least this level in one project or more."""
    granted = (grant[1] for grant in map(grant_of, principal.roles) if grant is not None)
    return is_admin(principal) or any(LEVELS.index(one) >= LEVELS.index(level) for one in granted)


def may_write_state(principal: Principal, project: str, environment: str, root: str) -> bool:
    """Whether the principal may write the state of a root deployment: any writer, and the job that works on it."""
    own = {state_role(project, environment), state_role(project, environment, root)}
    return may(principal, Level.WRITE, project) or bool(own & principal.roles)


def may_call(principal: Principal, grant: Grant) -> bool:
    """Whether the principal may call the API that the grant is for."""
    return principal.grants is None or grant in principal.grants


def may_lease(principal: Principal, pool: str) -> bool:
    """Whether the principal may lease jobs of a pool. A token scoped to pools is limited to them."""
    bound = {own for own in map(pool_of, principal.scopes) if own is not None}
    return is_runner(principal) and (not bound or pool in bound)


def names_pools(principal: Principal) -> bool:
    """Return True if the token is limited to pools; runner tokens from before pools were required are not."""
    return any(pool_of(scope) is not None for scope in principal.scopes)


def level_in(principal: Principal, project: str) -> Level | None:
    """The principal's highest level in the project; None without any."""
    return next((level for level in reversed(GRANTABLE) if may(principal, level, project)), None)
