"""Variables under integer ids, as BuildMaster's native methods know them: one for each name in a scope."""

from collections.abc import Sequence

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import ApplicationGroup
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.variables import Scope, ScopeKind
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import find_application
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.addresses import Address, SnapshotAddress, snapshot_at
from chalicelib.use_cases.trains.given_variables import of_snapshot
from chalicelib.use_cases.trains.scoped_variables import ScopePlace, update_place, without_variable
from slipway_formats.frozen import frozen

OF_VARIABLES = "variable"


@frozen
class NumberedScope:
    """Query: the variables of an application, a group of them or a build, whichever is named by its id."""

    origin: Origin
    application: int | None = None
    group: int | None = None
    snapshot: int | None = None


@frozen
class NumberedVariable:
    """A variable and its id. value: None of a secret one."""

    id: int
    name: str
    value: str | None


@frozen
class RemoveNumbered:
    """Remove the variable of this id."""

    origin: Origin
    id: int


def list_numbered_variables(ports: Ports, query: NumberedScope) -> Sequence[NumberedVariable]:
    """List the variables of a scope by name; those of what is not there, or may not be read, are none."""
    try:
        scope = _scope(ports, query)
    except NotFound:
        return ()
    found = ports.variables.variables(scope)
    return [
        NumberedVariable(id=_id(ports, scope, name), name=name, value=found.values.get(name))
        for name in sorted((*found.values, *found.secrets))
    ]


def remove_numbered_variable(ports: Ports, command: RemoveNumbered) -> None:
    """Remove a variable; one that is gone is no fault. Faults: NotFound, Forbidden."""
    owner = ports.numbers.find_owner(command.id)
    if owner is None or owner.kind != OF_VARIABLES:
        raise NotFound(f"no variable {command.id}")
    kind, _, rest = owner.id.partition("/")
    place, _, name = rest.rpartition("/")
    scope = Scope(kind=ScopeKind(kind), place=place)
    where = ScopePlace(scope=scope, project=_project(ports, command, scope))
    update_place(ports, command.origin, where, lambda before: without_variable(before, name))


def _id(ports: Ports, scope: Scope, name: str) -> int:
    return ports.numbers.ensure_ids(OF_VARIABLES, f"{scope.kind}/{scope.place}/{folded(name)}")


def _scope(ports: Ports, query: NumberedScope) -> Scope:
    if query.snapshot is not None:
        address = SnapshotAddress(snapshot=Address(id=query.snapshot))
        return of_snapshot(snapshot_at(ports, query.origin, address).snapshot.id)
    if query.group is not None:
        group = ports.installation.find(ApplicationGroup, query.group)
        return Scope(kind=ScopeKind.APPLICATION_GROUP, place=str(group.id if group is not None else 0))
    application = find_application(ports, query.origin, query.application or 0)
    if application is None:
        raise NotFound(f"no application {query.application}")
    return Scope(kind=ScopeKind.APPLICATION, place=f"{application.project}/{application.name}")


def _project(ports: Ports, command: RemoveNumbered, scope: Scope) -> str:
    """Return the project of a scope in which the caller may change variables; empty for all. Faults: NotFound, …"""
    missing, by = f"no variable {command.id}", command.origin.by
    match scope.kind:
        case ScopeKind.APPLICATION:
            project = scope.place.partition("/")[0]
        case ScopeKind.SNAPSHOT:
            address = SnapshotAddress(snapshot=Address(id=int(scope.place)))
            try:
                project = snapshot_at(ports, command.origin, address).train.project
            except NotFound as fault:
                raise NotFound(missing) from fault
        case _:
            require_owner_everywhere(by)
            return ""
    require(by, Level.WRITE, project, missing=missing)
    return project
