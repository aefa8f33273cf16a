"""Why a user may do something in a project: each role that lets them, and through whom they have it."""

from collections.abc import Iterator

from chalicelib.kernel.access.principal import Principal, is_admin, level_in
from chalicelib.kernel.access.role import ADMIN, Level, grant_of
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class AccessOf:
    """Query: what a user may do in a project. by: an owner of it, or an admin."""

    by: Principal
    user: str
    project: str


@frozen
class AccessReason:
    """A role that counts in the project. group: through which the user has it; empty for one of their own."""

    role: str
    group: str = ""


@frozen
class ExplainedAccess:
    """What a user may do in a project. level: None for nothing.

    teams: groups that gates may name; for admins all, for others those that count in the project, since whoever makes a
    project is its owner and must not learn by it who is in which team.
    is_disabled: what follows from the rest is not theirs at present.
    """

    user: str
    project: str
    level: Level | None
    is_admin: bool
    is_disabled: bool
    teams: tuple[str, ...]
    reasons: tuple[AccessReason, ...]


def explain_access(ports: Ports, query: AccessOf) -> ExplainedAccess:
    """Return what the user may do in the project, and why. Faults: NotFound."""
    user = ports.access.find_user(query.user)
    if user is None:
        raise NotFound(f"no user {query.user}")
    principal = person(ports, user)
    reasons = tuple(_reasons(ports, user, query.project, principal.groups))
    teams = principal.groups if is_admin(query.by) else {one.group for one in reasons if one.group}
    return ExplainedAccess(
        user=user.name,
        project=query.project,
        level=level_in(principal, query.project),
        is_admin=is_admin(principal),
        is_disabled=user.disabled,
        teams=tuple(sorted(teams)),
        reasons=reasons,
    )


def _reasons(ports: Ports, user: User, project: str, groups: frozenset[str]) -> Iterator[AccessReason]:
    yield from (AccessReason(role=role) for role in user.roles if _counts(role, project))
    for name in sorted(groups):
        group = ports.access.find_group(name)
        roles = group.roles if group is not None else ()
        yield from (AccessReason(role=role, group=name) for role in roles if _counts(role, project))


def _counts(role: str, project: str) -> bool:
    granted = grant_of(role)
    return role == ADMIN or (granted is not None and granted[0] == project)
