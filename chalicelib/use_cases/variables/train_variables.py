"""Variables of trains and snapshots: read and update them. Which of them count: effective.py."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.scopes import of_snapshot, of_train
from chalicelib.kernel.trains.variables import Scope, VariableSet
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.given_variables import checked
from chalicelib.use_cases.trains.stored_variables import stored
from slipway_formats.frozen import frozen


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
