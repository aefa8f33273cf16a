"""Snapshots of trains: create and read. Rejecting: ending.py, deploying: travel/deploy.py."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.access.audit_entry import refuse_late
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.gated import title_at
from chalicelib.kernel.trains.numbering import description_defects, number_defects, text_defects
from chalicelib.kernel.trains.scopes import of_snapshot
from chalicelib.kernel.trains.snapshot import CarriedVersion, Snapshot
from chalicelib.kernel.trains.train import Train, TrainStatus
from chalicelib.kernel.trains.transitions import Changed, Wanted, created, needs_block, with_block
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import SNAPSHOT
from chalicelib.use_cases.retry import read_before, retry_on_conflict
from chalicelib.use_cases.trains.find import require_train, snapshot_of, train_for
from chalicelib.use_cases.trains.given_variables import Given, Keeping, checked, only_plain, template_of
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

CREATED = "created-snapshot"


@frozen
class CreateSnapshot:
    """Give a train another snapshot. number: empty for the next. run: the id of the run that begins with it.

    pipeline: of one whose train is not planned. keeps: what keeps the variables; `stored`, where some may be secret.
    carries: on a pipeline of gates, the versions that it takes along; none for the train's members as they are.
    """

    origin: Origin
    train: int
    number: str = ""
    pipeline: str = ""
    title: str = ""
    description: str = ""
    run: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    keeps: Keeping = only_plain
    carries: tuple[CarriedVersion, ...] = ()


@frozen
class SnapshotNamed:
    """A snapshot of a train, by their ids."""

    by: Principal
    train: int
    snapshot: int


def create_snapshot(ports: Ports, command: CreateSnapshot) -> Changed:
    """Create a snapshot and return it with its train; nobody else gets its number.

    Faults: Invalid with every defect, NotFound, Forbidden, Stale; Conflict if the number is taken, or the train over.
    """
    return create_in(ports, command, train_for(ports, command.origin.by, command.train, Level.WRITE))


def create_in(ports: Ports, command: CreateSnapshot, train: Train) -> Changed:
    """Create a snapshot of a train that was just read. Faults: as of create_snapshot."""
    by = command.origin.by
    current = read_before(train, lambda: train_for(ports, by, command.train))
    return retry_on_conflict(
        ports, lambda: _create(ports, command, require_train(by, current(), Level.WRITE)), since=command.origin.at
    )


def get_snapshot(ports: Ports, query: SnapshotNamed) -> Changed:
    """Return the snapshot with its train. Faults: NotFound."""
    train = train_for(ports, query.by, query.train)
    return Changed(train=train, snapshot=snapshot_of(ports, train, query.snapshot))


def text_defects_of(command: CreateSnapshot) -> Iterator[Defect]:
    """Yield the defects of what is said of a new snapshot, but for its variables."""
    yield from number_defects(command.number) if command.number else ()
    yield from text_defects(command.title, "title")
    yield from description_defects(command.description)


def snapshot_subject(train: Train, snapshot: Snapshot) -> str:
    """Return how the audit log calls a snapshot."""
    return f"{train.project}/{train.application}/{train.number}/{snapshot.number}"


def _create(ports: Ports, command: CreateSnapshot, train: Train) -> Changed:
    origin = command.origin
    if train.status is not TrainStatus.ACTIVE and (known := _created_before(ports, origin, train)) is not None:
        return Changed(train=train, snapshot=known)
    given = _checked(ports, train, command)
    if needs_block(train):
        train = with_block(train, ports.numbers.following_id("train", str(train.id)))
    wanted = Wanted(
        number=command.number,
        pipeline=command.pipeline,
        run=command.run,
        title=command.title or (title_at(train.gated, origin.at) if train.gated is not None else ""),
        description=command.description,
        by=origin.by.name,
        at=origin.at,
        carries=command.carries,
    )
    changed = created(train, wanted)
    action = AuditAction(
        act=CREATED,
        subject=snapshot_subject(train, changed.snapshot),
        key=str(train.id),
        project=train.project,
        details={SNAPSHOT: str(changed.snapshot.id)},
    )
    variables = _variables(ports, command, changed, given)
    snapshot = ports.snapshots.create(changed, variables, entry_of(origin, action))
    return Changed(train=changed.train, snapshot=snapshot)


def _created_before(ports: Ports, origin: Origin, train: Train) -> Snapshot | None:
    """Return the snapshot that this same request created before the train ended, perhaps by it."""
    entry = entry_of(origin, AuditAction(act=CREATED, subject="", key=str(train.id)))
    known = ports.audits.entries([entry.id]).get(entry.id)
    if known is None:
        return None
    refuse_late(entry, known)
    return ports.snapshots.find_snapshot(train.id, int(known.details[SNAPSHOT]))


def _checked(ports: Ports, train: Train, command: CreateSnapshot) -> Given:
    template = template_of(ports, train)
    complete = checked(command.variables, template.snapshot_variables if template is not None else ())
    if found := (*text_defects_of(command), *complete.defects):
        raise Invalid(found)
    return complete.given


def _variables(ports: Ports, command: CreateSnapshot, changed: Changed, given: Given) -> VariableSet | None:
    if not given:
        return None
    place = f"projects/{changed.train.project}/snapshots/{command.origin.seed[:32]}"
    return command.keeps(ports, VariableSet(scope=of_snapshot(changed.snapshot.id)), given, place)
