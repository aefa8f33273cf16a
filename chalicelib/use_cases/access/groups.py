"""Groups: roles that several people have, and teams that approve. Who is in one stands with each user."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level, grant_of
from chalicelib.kernel.faults import Defect, Invalid, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.access.users import NAME, unknown_roles
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import Group
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.retry import retry_on_conflict


@frozen
class UpdateGroup:
    """Make a group, or say anew which roles it gives."""

    origin: Origin
    name: str
    roles: tuple[str, ...]


@frozen
class RemoveGroup:
    """Let a group give nothing more."""

    origin: Origin
    name: str


@frozen
class ListGroups:
    """A part of the groups, for somebody to see."""

    by: Principal
    page: Page


def update_group(ports: Ports, ask: UpdateGroup) -> Group:
    """The group as it is now. Faults: Invalid with every defect, Stale."""
    require_admin(ask.origin.by)
    odd_name = () if NAME.fullmatch(ask.name) else (Defect("name", "is no name of a group"),)
    if defects := (*odd_name, *unknown_roles(ask.roles)):
        raise Invalid(defects)
    return retry_on_conflict(ports, lambda: _save(ports, ask), since=ask.origin.at)


def _save(ports: Ports, ask: UpdateGroup) -> Group:
    before = ports.access.group(ask.name) or Group(name=ask.name, created_at=ask.origin.at)
    action = AuditAction(act="saved-group", subject=ask.name, details={"roles": " ".join(ask.roles)})
    group = replace(before, roles=tuple(dict.fromkeys(ask.roles)))
    return ports.access.save_group(group, entry_of(ask.origin, action))


def remove_group(ports: Ports, ask: RemoveGroup) -> None:
    """The group is gone; those in it keep its name alone. Faults: NotFound."""
    require_admin(ask.origin.by)
    if ports.access.group(ask.name) is None:
        raise NotFound(f"no group {ask.name[:100]}")
    ports.access.remove_group(ask.name, entry_of(ask.origin, AuditAction(act="removed-group", subject=ask.name)))


def list_groups(ports: Ports, ask: ListGroups) -> Sequence[Group]:
    """All groups by name. Roles in projects that the asker may not read are left out: nobody is to hear their names."""
    return [_as_seen(ask.by, group) for group in ports.access.groups(ask.page)]


def _as_seen(by: Principal, group: Group) -> Group:
    return replace(group, roles=tuple(role for role in group.roles if _is_seen(by, role)))


def _is_seen(by: Principal, role: str) -> bool:
    grant = grant_of(role)
    return grant is None or may(by, Level.READ, grant[0])
