"""Groups of applications, for the eye and for variables. Owners of every project change them, everybody reads them."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import ApplicationGroup, title_handle
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.forget_variables import forget_with_joint, scope_of
from chalicelib.use_cases.installation.saving import checked_title, create_entry, remove_entry, update_entry
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

KIND = "application-group"


@frozen
class SaveGroup:
    """Create a group of applications, or rename the one of this id."""

    origin: Origin
    title: str
    id: int | None = None


@frozen
class RemoveGroup:
    """Remove a group. Its applications stay."""

    origin: Origin
    id: int


def list_groups(ports: Ports, _: Origin) -> Sequence[ApplicationGroup]:
    """List all groups by id."""
    return ports.installation.every(ApplicationGroup)


def ensure_group(ports: Ports, command: SaveGroup) -> ApplicationGroup:
    """Return the group of this title, made now if there is none. Faults: Invalid, Forbidden."""
    title = checked_title(command.title)
    known = ports.installation.find_by(ApplicationGroup, title_handle(title))
    return known or _create(ports, command.origin, title)


def create_or_update_group(ports: Ports, command: SaveGroup) -> ApplicationGroup:
    """Create a group, or rename it. Faults: Invalid, Forbidden, NotFound, Conflict."""
    title = checked_title(command.title)
    if command.id is None:
        return _create(ports, command.origin, title)
    require_owner_everywhere(command.origin.by)
    before = ports.installation.find(ApplicationGroup, command.id)
    if before is None:
        raise NotFound(f"no application group {command.id}")
    return update_entry(ports, command.origin, before, lambda group: replace(group, title=title))


def remove_group(ports: Ports, command: RemoveGroup) -> None:
    """Remove a group with its variables; one that is gone is no fault. Faults: Forbidden."""
    require_owner_everywhere(command.origin.by)
    known = ports.installation.find(ApplicationGroup, command.id)
    if known is not None:
        forget_with_joint(ports, [scope_of(known)])
        remove_entry(ports, command.origin, known)


def _create(ports: Ports, origin: Origin, title: str) -> ApplicationGroup:
    require_owner_everywhere(origin.by)
    return create_entry(ports, origin, ApplicationGroup(id=ports.numbers.following_id(KIND), title=title))
