"""Environments of the installation by their integer ids and codes, as FlexDeploy's clients make and change them."""

from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.installation.entries import SharedEnvironment
from chalicelib.kernel.trains.numbering import folded, number_defects
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.environments import (
    EnvironmentQuery,
    SaveListed,
    create_listed,
    get_environment_entry,
    remove_listed,
    update_listed,
)
from chalicelib.use_cases.installation.saving import ADDED, entry_for
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class CreateEnvironment:
    """Create an environment with a code of its own."""

    origin: Origin
    title: str
    code: str


@frozen
class UpdateEnvironment:
    """Change an environment. What is None stays as it is."""

    origin: Origin
    id: int
    title: str | None = None
    code: str | None = None
    is_active: bool | None = None


def create_environment_entry(ports: Ports, command: CreateEnvironment) -> SharedEnvironment:
    """Create an environment. Faults: Invalid with every defect, Forbidden, Conflict if its code or title is taken."""
    require_owner_everywhere(command.origin.by)
    wrong = (*number_defects(command.code, "environmentCode"), *number_defects(command.title, "environmentName"))
    if wrong:
        raise Invalid(wrong)
    _refuse_taken(ports, command.origin, command.code.strip(), None)
    create = SaveListed(origin=command.origin, title=command.title, code=command.code.strip())
    return _environment(create_listed(ports, create))


def update_environment_entry(ports: Ports, command: UpdateEnvironment) -> SharedEnvironment:
    """Change an environment. Faults: Invalid, Forbidden, NotFound, Conflict."""
    before = get_environment_entry(ports, EnvironmentQuery(origin=command.origin, id=command.id))
    if command.code is not None:
        if wrong := number_defects(command.code, "environmentCode"):
            raise Invalid(wrong)
        _refuse_taken(ports, command.origin, command.code.strip(), before.id)
    update = SaveListed(
        origin=command.origin,
        title=before.title,
        new_title=command.title,
        code=command.code.strip() if command.code is not None else None,
        is_active=command.is_active,
    )
    return _environment(update_listed(ports, update))


def remove_environment_entry(ports: Ports, query: EnvironmentQuery) -> None:
    """Remove an environment from the list. Faults: Forbidden, NotFound."""
    require_owner_everywhere(query.origin.by)
    known = get_environment_entry(ports, query)
    remove_listed(ports, SaveListed(origin=query.origin, title=known.title))


def _refuse_taken(ports: Ports, origin: Origin, code: str, own: int | None) -> None:
    """Refuse a code that another environment has; a repeated request finds what it made itself."""
    for one in ports.installation.every(SharedEnvironment):
        is_other = one.id != own and folded(one.code) == folded(code)
        if is_other and not was_done(ports, entry_for(origin, ADDED, one)):
            raise Conflict(f"environment code {one.code} exists already")


def _environment(found: object) -> SharedEnvironment:
    if not isinstance(found, SharedEnvironment):
        raise TypeError("an environment was asked for")
    return found
