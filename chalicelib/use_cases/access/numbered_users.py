"""Users and groups with integer ids, for dialects that know them so. Admins make and list them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.access.authorise import require_admin
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import CreateUser, create_user
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.access import Group, User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

OF_USERS, OF_GROUPS = "user", "group"
"""Owners of the ids."""

PAGE = 500
Record = TypeVar("Record", User, Group)


@frozen
class NumberedUser:
    """A user with an integer id."""

    id: int
    user: User


@frozen
class NumberedGroup:
    """A group with an integer id."""

    id: int
    group: Group


def create_numbered_user(ports: Ports, command: CreateUser) -> NumberedUser:
    """Create a user. Faults: as of create_user."""
    return _user(ports, create_user(ports, command))


def list_numbered_users(ports: Ports, origin: Origin) -> Sequence[NumberedUser]:
    """List users by name. Faults: Forbidden."""
    require_admin(origin.by)
    return [_user(ports, one) for one in _every(ports.access.users)]


def create_numbered_group(ports: Ports, command: UpdateGroup) -> NumberedGroup:
    """Create a group. Faults: as of update_group, Conflict if there is one of this name."""
    require_admin(command.origin.by)
    entry = entry_of(command.origin, AuditAction(act="saved-group", subject=command.name))
    if ports.access.find_group(command.name) is not None and not was_done(ports, entry):
        raise Conflict(f"group {command.name[:100]} exists already")
    return _group(ports, update_group(ports, command))


def list_numbered_groups(ports: Ports, origin: Origin) -> Sequence[NumberedGroup]:
    """List groups by name. Faults: Forbidden."""
    require_admin(origin.by)
    return [_group(ports, one) for one in _every(ports.access.groups)]


def _user(ports: Ports, user: User) -> NumberedUser:
    return NumberedUser(id=ports.numbers.ensure_ids(OF_USERS, user.name), user=user)


def _group(ports: Ports, group: Group) -> NumberedGroup:
    return NumberedGroup(id=ports.numbers.ensure_ids(OF_GROUPS, group.name), group=group)


def _every(page: Callable[[Page], Sequence[Record]]) -> Iterator[Record]:
    after = None
    while found := page(Page(size=PAGE, after=after)):
        yield from found
        after = found[-1].name
