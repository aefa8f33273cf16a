"""Who asks, and what they may do. How somebody proves who they are stands in the use cases and in http."""

from enum import StrEnum

from chalicelib.kernel.access.role import ADMIN, EVERY_PROJECT, LEVELS, RUNNER, Level, pool_of, role_in
from chalicelib.kernel.frozen import frozen


class PrincipalKind(StrEnum):
    """What kind of somebody it is. Admin: the token made at first start, which belongs to nobody."""

    USER = "user"
    SERVICE_ACCOUNT = "service-account"
    RUNNER = "runner"
    JOB = "job"
    ADMIN = "admin"


@frozen
class Principal:
    """A person, a service account, a runner or a job that asks.

    roles: `admin`, `runner` and `project:<project>:global:<level>`, already narrowed by the scopes of the token.
    token: id of the token by which they came, empty when they came by a password.
    """

    name: str
    roles: frozenset[str] = frozenset()
    kind: PrincipalKind = PrincipalKind.USER
    groups: frozenset[str] = frozenset()
    token: str = ""
    scopes: frozenset[str] = frozenset()


def is_admin(principal: Principal) -> bool:
    """Whether the principal may do everything."""
    return ADMIN in principal.roles


def is_runner(principal: Principal) -> bool:
    """Whether the principal may lease jobs."""
    return RUNNER in principal.roles or is_admin(principal)


def may(principal: Principal, level: Level, project: str) -> bool:
    """Whether the principal has this level, or a higher one, in the project."""
    if is_admin(principal):
        return True
    enough = LEVELS[LEVELS.index(level) :]
    places = (project, EVERY_PROJECT)
    return any(role_in(place, each) in principal.roles for place in places for each in enough)


def may_lease(principal: Principal, pool: str) -> bool:
    """Whether the principal may lease jobs of the pool: a token bound to pools leases from those alone."""
    bound = {own for own in map(pool_of, principal.scopes) if own is not None}
    return is_runner(principal) and (not bound or pool in bound)


def level_in(principal: Principal, project: str) -> Level | None:
    """The highest level that the principal has in the project."""
    return next((level for level in reversed(LEVELS) if may(principal, level, project)), None)
