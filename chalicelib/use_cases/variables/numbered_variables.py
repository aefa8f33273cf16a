"""Variables under integer ids, as BuildMaster's native methods know them: one for each name in a scope."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import ApplicationGroup, Entry, Kind, NamedEntry, SharedEnvironment
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.scopes import of_application, of_snapshot, of_train
from chalicelib.kernel.trains.variables import Scope, ScopeKind, joint, parts_of, scope_at
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import find_application
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.addresses import (
    Address,
    SnapshotAddress,
    TrainAddress,
    snapshot_at,
    train_at,
    train_of_snapshot,
)
from chalicelib.use_cases.variables.all_variables import list_all_variables
from chalicelib.use_cases.variables.scope_places import ScopePlace
from chalicelib.use_cases.variables.scoped_variables import update_place, with_variable, without_variable
from slipway_formats.frozen import frozen

OF_VARIABLES = "variable"
OF_PROJECTS = (ScopeKind.APPLICATION, ScopeKind.TRAIN, ScopeKind.SNAPSHOT)


@frozen
class NumberedScope:
    """A scope by the ids of what it belongs to, by kind; without any that of all. Or that of a train, or a snapshot."""

    origin: Origin
    ids: Mapping[ScopeKind, int] = field(default_factory=dict)
    train: TrainAddress | None = None
    snapshot: int | None = None


@frozen
class NumberedVariable:
    """A variable and its id. value: None of a secret one. owners: what its scope belongs to, where it was asked for."""

    id: int
    name: str
    value: str | None
    owners: Mapping[ScopeKind, Entry] = field(default_factory=dict)


@frozen
class UpdateNumbered:
    """Set a variable of a scope. sensitive: whether it is a secret; None to leave that as it is."""

    scope: NumberedScope
    name: str
    value: str
    sensitive: bool | None = None


@frozen
class RemoveNumbered:
    """Remove the variable of this id."""

    origin: Origin
    id: int


def list_numbered_variables(ports: Ports, query: NumberedScope) -> Sequence[NumberedVariable]:
    """List the variables of a scope by name; those of what is not there, or may not be read, are none."""
    try:
        scope = _place(ports, query, Level.READ).scope
    except NotFound:
        return ()
    found = ports.variables.variables(scope)
    return [
        NumberedVariable(id=_id(ports, scope, name), name=name, value=found.values.get(name))
        for name in sorted((*found.values, *found.secrets))
    ]


def list_all_numbered(ports: Ports, origin: Origin) -> Sequence[NumberedVariable]:
    """List the configured variables of all scopes that the caller may read."""
    return [
        NumberedVariable(id=_id(ports, one.scope, one.name), name=one.name, value=one.value, owners=one.owners)
        for one in list_all_variables(ports, origin)
    ]


def update_numbered_variable(ports: Ports, command: UpdateNumbered) -> int:
    """Set a variable and return its id. Faults: Invalid, NotFound, Forbidden, Stale."""
    place = _place(ports, command.scope, Level.WRITE)
    name, value, sensitive = command.name, command.value, command.sensitive
    update_place(ports, command.scope.origin, place, lambda before: with_variable(before, name, value, sensitive))
    return _id(ports, place.scope, name)


def remove_numbered_variable(ports: Ports, command: RemoveNumbered) -> None:
    """Remove a variable; one that is gone is no fault. Faults: NotFound, Forbidden."""
    owner = ports.numbers.find_owner(command.id)
    if owner is None or owner.kind != OF_VARIABLES:
        raise NotFound(f"no variable {command.id}")
    address, _, name = owner.id.rpartition("/")
    scope = scope_at(address)
    where = ScopePlace(scope=scope, project=_project(ports, command, scope))
    update_place(ports, command.origin, where, lambda before: without_variable(before, name))


def _id(ports: Ports, scope: Scope, name: str) -> int:
    return ports.numbers.ensure_ids(OF_VARIABLES, f"{scope.address}/{folded(name)}")


def _place(ports: Ports, query: NumberedScope, level: Level) -> ScopePlace:
    """Return a scope in which the caller has the level. Faults: NotFound, Forbidden."""
    origin = query.origin
    if query.snapshot is not None:
        of = snapshot_at(ports, origin, SnapshotAddress(snapshot=Address(id=query.snapshot)))
        place = ScopePlace(scope=of_snapshot(of.snapshot.id), project=of.train.project)
    elif query.train is not None:
        train = train_at(ports, origin, query.train)
        place = ScopePlace(scope=of_train(train.id), project=train.project)
    else:
        found = list(_parts(ports, query))
        project = next((one.project for one in found if one.project), "")
        place = ScopePlace(scope=joint(one.scope for one in found), project=project)
    if place.project:
        require(origin.by, level, place.project, missing=f"no variables of {place.scope.kind}")
    elif level is not Level.READ:
        require_owner_everywhere(origin.by)
    return place


def _parts(ports: Ports, query: NumberedScope) -> Iterator[ScopePlace]:
    for kind, number in query.ids.items():
        match kind:
            case ScopeKind.APPLICATION:
                application = _known(find_application(ports, query.origin, number), kind, number)
                scope = of_application(application.project, application.name)
                yield ScopePlace(scope=scope, project=application.project)
            case ScopeKind.ENVIRONMENT:
                environment = _known(ports.installation.find(SharedEnvironment, number), kind, number)
                yield ScopePlace(scope=Scope(kind=kind, place=environment.name))
            case ScopeKind.APPLICATION_GROUP:
                _known(ports.installation.find(ApplicationGroup, number), kind, number)
                yield ScopePlace(scope=Scope(kind=kind, place=str(number)))
            case _:
                entry = ports.installation.find(NamedEntry, number)
                _known(entry if entry is not None and entry.kind.value == kind else None, kind, number)
                yield ScopePlace(scope=Scope(kind=kind, place=str(number)))


def _known(found: Kind | None, kind: ScopeKind, number: int) -> Kind:
    if found is None:
        raise NotFound(f"no {kind} {number}")
    return found


def _project(ports: Ports, command: RemoveNumbered, scope: Scope) -> str:
    """Return the project of a scope in which the caller may change variables; empty for all. Faults: NotFound, …"""
    missing, by = f"no variable {command.id}", command.origin.by
    project = next((_project_of(ports, one) for one in parts_of(scope) if one.kind in OF_PROJECTS), None)
    if project is None:
        require_owner_everywhere(by)
        return ""
    if not project:
        raise NotFound(missing)
    require(by, Level.WRITE, project, missing=missing)
    return project


def _project_of(ports: Ports, scope: Scope) -> str:
    """Return the project of an application, a train or a snapshot; empty for one that is gone."""
    if scope.kind is ScopeKind.APPLICATION:
        return scope.place.partition("/")[0]
    number = int(scope.place) if scope.kind is ScopeKind.TRAIN else train_of_snapshot(ports, int(scope.place)) or 0
    train = ports.trains.find_train(number)
    return train.project if train is not None else ""
