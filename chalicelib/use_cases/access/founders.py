"""Owners of projects that were made for them, which no admin has made."""

from dataclasses import replace

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import Level, leaves_room, role_in
from chalicelib.kernel.faults import Forbidden
from chalicelib.use_cases.access.users import MOST_ROLES
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict


def require_founder(by: Principal, project: str) -> None:
    """Require that the caller may own a new project: a person whom no token narrows. Faults: Forbidden."""
    if may(by, Level.OWNER, project):
        return
    if by.kind is not PrincipalKind.USER:
        raise Forbidden(f"a {by.kind} owns no new project: name one in which it may write")
    if not leaves_room(by.scopes, Level.OWNER, project):
        raise Forbidden(f"a token of narrower scopes makes no project {project}")


def has_been_granted(ports: Ports, by: Principal, project: str) -> bool:
    """Whether the caller owns the project by now, though not yet when they were authenticated."""
    user = ports.access.find_user(by.name) if by.kind is PrincipalKind.USER else None
    is_owner = user is not None and role_in(project, Level.OWNER) in user.roles
    return is_owner and leaves_room(by.scopes, Level.OWNER, project)


def grant_ownership(ports: Ports, origin: Origin, project: str) -> None:
    """Make the caller an owner of the project; repeating it changes nothing. Faults: Forbidden, Stale."""
    if not may(origin.by, Level.OWNER, project):
        retry_on_conflict(ports, lambda: _grant(ports, origin, project), since=origin.at)


def _grant(ports: Ports, origin: Origin, project: str) -> User:
    user, role = ports.access.find_user(origin.by.name), role_in(project, Level.OWNER)
    if user is None or len(user.roles) >= MOST_ROLES:
        raise Forbidden(f"{origin.by.name} may be given no further role")
    if role in user.roles:
        return user
    owner = replace(user, roles=(*user.roles, role))
    action = AuditAction(act="granted-ownership", subject=user.name, project=project, details={"role": role})
    return ports.access.save_user(owner, user, entry_of(origin, action))
