"""Groups: roles shared by several users, and teams that approve. A user's record lists the groups they are in."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level, grant_of
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.access.users import NAME, missing_projects, unknown_roles
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.access import Group
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class UpdateGroup:
    """Create a group or replace its roles."""

    origin: Origin
    name: str
    roles: tuple[str, ...]


@frozen
class RemoveGroup:
    """Remove a group."""

    origin: Origin
    name: str


@frozen
class ListGroups:
    """Query: a page of groups."""

    by: Principal
    page: Page


def update_group(ports: Ports, command: UpdateGroup) -> Group:
    """Create or update a group and return it. Faults: Invalid with every defect, Stale."""
    require_admin(command.origin.by)
    odd_name = () if NAME.fullmatch(command.name) else (Defect("name", "is no name of a group"),)
    if defects := (*odd_name, *unknown_roles(command.roles)):
        raise Invalid(defects)
    return retry_on_conflict(ports, lambda: _save(ports, command), since=command.origin.at)


def _save(ports: Ports, command: UpdateGroup) -> Group:
    before = ports.access.find_group(command.name) or _fresh(command)
    if defects := tuple(missing_projects(ports, command.roles, before.roles)):
        raise Invalid(defects)
    action = AuditAction(act="saved-group", subject=command.name, details={"roles": " ".join(command.roles)})
    group = replace(before, roles=tuple(dict.fromkeys(command.roles)))
    return ports.access.save_group(group, entry_of(command.origin, action))


def _fresh(command: UpdateGroup) -> Group:
    """Return a new, empty group: members of an earlier one of that name are not in it."""
    return Group(name=command.name, created_at=command.origin.at, members_from=command.origin.at)


def remove_group(ports: Ports, command: RemoveGroup) -> None:
    """Remove a group; its members keep its name, which grants nothing. Faults: NotFound."""
    require_admin(command.origin.by)
    if ports.access.find_group(command.name) is None:
        raise NotFound(f"no group {command.name[:100]}")
    ports.access.remove_group(
        command.name, entry_of(command.origin, AuditAction(act="removed-group", subject=command.name))
    )


def list_groups(ports: Ports, query: ListGroups) -> Sequence[Group]:
    """List groups by name.

    Roles in projects that the caller may not read are left out, so that project names do not leak.
    """
    return [_visible_part(query.by, group) for group in ports.access.groups(query.page)]


def _visible_part(by: Principal, group: Group) -> Group:
    return replace(group, roles=tuple(role for role in group.roles if _is_visible(by, role)))


def _is_visible(by: Principal, role: str) -> bool:
    grant = grant_of(role)
    return grant is None or may(by, Level.READ, grant[0])
