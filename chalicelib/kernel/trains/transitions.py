"""What may become of a train and its snapshots: who is refused, who is latest and furthest. Each answers new records.

Source of the tables: BuildMaster's releases and builds, docs/trains.md. A terminal state stays: a rejected or deployed
snapshot and a deployed train are never anything else, a cancelled train by restoring alone.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.numbering import whole_part
from chalicelib.kernel.trains.snapshot import (
    Arrived,
    CarriedVersion,
    Snapshot,
    SnapshotStatus,
    distance,
    head_of,
    rejection_of,
    status_of,
)
from chalicelib.kernel.trains.train import Cancelled, Delivered, Place, Rejection, Sweep, Train, TrainStatus
from slipway_formats.frozen import frozen


@frozen
class Changed:
    """A train with one of its snapshots, after an act. They are stored together."""

    train: Train
    snapshot: Snapshot


@frozen
class Wanted:
    """Settings of a new snapshot. number: empty for the next. run: the id of the run that is to begin with it.

    pipeline: of one whose train is not planned. carries: as of the snapshot.
    """

    number: str = ""
    pipeline: str = ""
    run: str = ""
    title: str = ""
    description: str = ""
    by: str
    at: datetime
    carries: tuple[CarriedVersion, ...] = ()


def needs_block(train: Train) -> bool:
    """Return True if the train has no id left for another snapshot."""
    return train.next_id > train.last_id


def with_block(train: Train, first: int) -> Train:
    """Return the train with another block of ids. first: its first id."""
    return replace(train, next_id=first, last_id=first + BLOCK - 1)


def created(train: Train, wanted: Wanted) -> Changed:
    """Give the train another snapshot, its latest.

    Faults: Conflict unless the train is active; Invalid if nothing says which pipeline the snapshot travels.
    """
    _require_active(train, "it takes no snapshot")
    if not (train.is_planned or wanted.pipeline):
        raise Invalid.single("pipeline", "is missing")
    _require_started(train)
    number = wanted.number or str(train.highest + 1)
    snapshot = Snapshot(
        id=train.next_id,
        train=train.id,
        number=number,
        title=wanted.title,
        description=wanted.description,
        pipeline="" if train.is_planned else wanted.pipeline,
        created_by=wanted.by,
        created_at=wanted.at,
        runs=(wanted.run,) if wanted.run else (),
        carries=wanted.carries,
    )
    highest = max(train.highest, whole_part(number)) if wanted.number else train.highest + 1
    grown = replace(train, next_id=train.next_id + 1, highest=highest)
    return _noted(grown, snapshot)


def entered(train: Train, snapshot: Snapshot, place: Place) -> Changed:
    """Note that a deployment of the snapshot to a stage began. An earlier stage than its furthest changes nothing.

    Faults: Conflict for what may not be deployed.
    """
    refuse_deployment(train, snapshot)
    if snapshot.furthest is not None and place.number <= snapshot.furthest.number:
        return Changed(train=train, snapshot=snapshot)
    return _noted(train, replace(snapshot, furthest=place))


def refuse_deployment(train: Train, snapshot: Snapshot) -> None:
    """Refuse to deploy what is rejected or of a cancelled train; what was deployed may be again. Faults: Conflict."""
    if train.status is TrainStatus.CANCELLED:
        raise Conflict(Worded("{} is cancelled: nothing of it is deployed", titled(train)))
    if status_of(train, snapshot) is SnapshotStatus.REJECTED:
        raise Conflict(Worded("{} is rejected", snapshot_titled(train, snapshot)))


def with_run(changed: Changed, run: str) -> Changed:
    """Note another run of the snapshot; one that is noted already stays once."""
    snapshot = changed.snapshot
    if run in snapshot.runs:
        return changed
    return replace(changed, snapshot=replace(snapshot, runs=(*snapshot.runs, run)))


def rejected(train: Train, snapshot: Snapshot, rejection: Rejection) -> Changed:
    """Reject the snapshot; one that is rejected stays as it is. Whether heads must be found anew: `lost_head`.

    Faults: Conflict if it is deployed.
    """
    match status_of(train, snapshot):
        case SnapshotStatus.REJECTED:
            return Changed(train=train, snapshot=snapshot)
        case SnapshotStatus.DEPLOYED:
            raise Conflict(Worded("{} is deployed and cannot be rejected", snapshot_titled(train, snapshot)))
        case SnapshotStatus.ACTIVE:
            return Changed(train=train, snapshot=replace(snapshot, ending=rejection))


def lost_head(changed: Changed) -> bool:
    """Return True if the train's latest or furthest snapshot is rejected now."""
    heads = {head.id for head in (changed.train.latest, changed.train.furthest) if head is not None}
    return changed.snapshot.id in heads and rejection_of(changed.train, changed.snapshot) is not None


def with_heads(train: Train, snapshots: Iterable[Snapshot]) -> Train:
    """Return the train with its latest and furthest snapshot chosen anew. snapshots: the candidates, in any order."""
    left = [head_of(one) for one in snapshots if status_of(train, one) is not SnapshotStatus.REJECTED]
    latest = max(left, key=lambda head: head.id, default=None)
    return replace(train, latest=latest, furthest=max(left, key=distance, default=None))


def arrived(train: Train, snapshot: Snapshot, at: datetime) -> Changed:
    """Note that the snapshot succeeded in the last stage. One that has ended stays as it is."""
    if status_of(train, snapshot) is not SnapshotStatus.ACTIVE:
        return Changed(train=train, snapshot=snapshot)
    return Changed(train=train, snapshot=replace(snapshot, ending=Arrived(at=at)))


def delivered(train: Train, by: str, at: datetime) -> Train:
    """Mark the train as delivered. One that has ended, or was never planned, stays as it is."""
    is_open = train.is_planned and train.ending is None
    return replace(train, ending=Delivered(by=by, at=at)) if is_open else train


def cancelled(train: Train, cancelling: Cancelled) -> Train:
    """Cancel the train and reject its open snapshots; its heads must be found anew.

    Faults: Conflict unless it is active and planned.
    """
    _require_active(train, "it cannot be cancelled")
    require_planned(train)
    rejection = Rejection(by=cancelling.by, at=cancelling.at, reason=cancelling.reason)
    swept = Sweep(up_to=train.next_id - 1, rejection=rejection)
    is_new = train.latest is not None and (not train.sweeps or train.sweeps[-1].up_to < swept.up_to)
    return replace(train, ending=cancelling, sweeps=(*train.sweeps, swept) if is_new else train.sweeps)


def restored(train: Train) -> Train:
    """Undo a cancellation; the snapshots stay rejected. Faults: Conflict unless it is cancelled."""
    if train.status is not TrainStatus.CANCELLED:
        raise Conflict(Worded("{} is {}: only a cancelled one can be restored", titled(train), Worded(train.status)))
    return replace(train, ending=None)


def require_planned(train: Train) -> None:
    """Refuse what is done to deliveries alone. Faults: Conflict."""
    if not train.is_planned:
        raise Conflict(Worded("the snapshots of {} that belong to no train are ended one by one", titled(train)))


def titled(train: Train) -> Worded:
    """Return the train in words, for messages; of one that is not planned the application."""
    place = f"{train.project}/{train.application}" if train.project else ""
    if not train.is_planned:
        return Worded("application {}", place)
    return Worded("train {} of {}", train.number, place) if place else Worded("train {}", train.number)


def snapshot_titled(train: Train, snapshot: Snapshot) -> Worded:
    """Return the snapshot in words, for messages."""
    return Worded("snapshot {} of {}", snapshot.number, titled(train))


def _require_active(train: Train, consequence: str) -> None:
    if train.status is not TrainStatus.ACTIVE:
        raise Conflict(Worded("{} is {}: {}", titled(train), Worded(train.status), Worded(consequence)))


def _require_started(train: Train) -> None:
    if train.gated is not None and train.gated.readiness is not Readiness.STARTED:
        raise Conflict(f"{titled(train)} is {train.gated.readiness}: it takes no snapshot")


def _noted(train: Train, snapshot: Snapshot) -> Changed:
    """The train that knows the snapshot as latest or furthest, where it is; the snapshot may have been that before."""
    head = head_of(snapshot)
    is_latest = train.latest is None or snapshot.id >= train.latest.id
    is_furthest = train.furthest is None or distance(head) >= distance(train.furthest)
    latest = head if is_latest else train.latest
    return Changed(
        train=replace(train, latest=latest, furthest=head if is_furthest else train.furthest), snapshot=snapshot
    )
