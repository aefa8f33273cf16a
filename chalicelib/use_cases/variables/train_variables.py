"""Variables of trains and snapshots: read, update, and find which ones count for a deployment."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.installation.entries import Application, ListKind, NamedEntry, named_handle, place_handle
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import Resolved, Scope, ScopeKind, VariableSet, parts_of, resolved
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.forget import of_application
from chalicelib.use_cases.trains.given_variables import checked, of_snapshot, of_train, stored
from slipway_formats.frozen import frozen

NO_STAGE = VariableSet(scope=Scope(kind=ScopeKind.STAGE))


@frozen
class Destination:
    """Where a snapshot is deployed. environment: its name. server, role: titles; empty for none."""

    environment: str = ""
    server: str = ""
    role: str = ""


NOWHERE = Destination()


@frozen
class VariablesNamed:
    """The variables of a train, or of a snapshot of it."""

    origin: Origin
    train: int
    snapshot: int | None = None


@frozen
class UpdateVariables(VariablesNamed):
    """Replace the variables of a train or snapshot."""

    variables: Mapping[str, object] = field(default_factory=dict)


def get_variables(ports: Ports, query: VariablesNamed) -> VariableSet:
    """Return the variables. Faults: NotFound."""
    return ports.variables.variables(_scope(ports, query, Level.READ))


def update_variables(ports: Ports, command: UpdateVariables) -> VariableSet:
    """Replace variables and return them; those left out are gone. Faults: Invalid, NotFound, Forbidden, Stale."""
    return retry_on_conflict(ports, lambda: _update(ports, command), since=command.origin.at)


def variables_of(
    ports: Ports,
    train: Train,
    snapshot: Snapshot,
    *,
    to: Destination = NOWHERE,
    nearer: Scope | None = None,
    of_stage: VariableSet = NO_STAGE,
) -> Resolved:
    """Return the variables that count for a snapshot. to: where it is deployed. nearer: of the deployment.

    of_stage: what the stage gives.
    """
    application = ports.installation.find_by(Application, place_handle(train.project, train.application))
    group = application.group if application is not None else None
    scopes = (
        *((nearer,) if nearer is not None else ()),
        of_snapshot(snapshot.id),
        of_train(train.id),
        of_application(train.project, train.application),
        *((Scope(kind=ScopeKind.APPLICATION_GROUP, place=str(group)),) if group is not None else ()),
        *_scopes_of(ports, to),
        Scope(kind=ScopeKind.GLOBAL),
    )
    # Before its destination is known, no joint scope counts.
    joint_ones = ports.variables.of_joint_scopes() if to != NOWHERE else ()
    counting = [one for one in joint_ones if set(parts_of(one.scope)) <= set(scopes)]
    return resolved((*ports.variables.of_scopes(scopes), *counting, of_stage))


def _scopes_of(ports: Ports, to: Destination) -> Iterator[Scope]:
    for kind, title in ((ListKind.SERVER, to.server), (ListKind.ROLE, to.role)):
        entry = ports.installation.find_by(NamedEntry, named_handle(kind, title)) if title else None
        if entry is not None:
            yield Scope(kind=ScopeKind(kind.value), place=str(entry.id))
    if to.environment:
        yield Scope(kind=ScopeKind.ENVIRONMENT, place=to.environment)


def _update(ports: Ports, command: UpdateVariables) -> VariableSet:
    scope = _scope(ports, command, Level.WRITE)
    before, train = ports.variables.variables(scope), ports.trains.train(command.train)
    complete = checked(command.variables, secrets=before.secrets)
    if complete.defects:
        raise Invalid(complete.defects)
    after = stored(ports, before, complete.given, f"projects/{train.project}/{scope.kind}s/{scope.place}")
    subject = f"{scope.kind}/{scope.place}"
    action = AuditAction(act="changed-variables", subject=subject, project=train.project)
    return ports.variables.save(after, entry_of(command.origin, action))


def _scope(ports: Ports, named: VariablesNamed, level: Level) -> Scope:
    train = train_for(ports, named.origin.by, named.train, level)
    return of_train(train.id) if named.snapshot is None else of_snapshot(snapshot_of(ports, train, named.snapshot).id)
