"""The variables that count for a snapshot on its way, of all scopes that it is in."""

from collections.abc import Iterator

from chalicelib.kernel.installation.entries import Application, ListKind, NamedEntry, named_handle, place_handle
from chalicelib.kernel.trains.scopes import of_application, of_snapshot, of_train
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import Resolved, Scope, ScopeKind, VariableSet, parts_of, resolved
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

NO_STAGE = VariableSet(scope=Scope(kind=ScopeKind.STAGE))


@frozen
class Destination:
    """Where a snapshot is deployed. environment: its name. server, role: titles; empty for none."""

    environment: str = ""
    server: str = ""
    role: str = ""


NOWHERE = Destination()


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
