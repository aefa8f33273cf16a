"""Items of trains, snapshots and variables."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.trains.schedule import next_build
from chalicelib.kernel.trains.snapshot import Arrived, Snapshot, SnapshotStatus
from chalicelib.kernel.trains.train import Rejection, Train
from chalicelib.kernel.trains.transitions import titled
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import due_range
from chalicelib.store.dynamo.records import item_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Table
from chalicelib.store.trains.keys import (
    ALL_TRAINS,
    DUE,
    application_partition,
    id_key,
    schedule_key,
    snapshot_key,
    stage_hash,
    status_hash,
    train_key,
    variables_key,
)


def train_item(train: Train) -> Item:
    """The item of a train. Faults: TooLarge."""
    return item_of(
        train_key(train.id),
        Train,
        train,
        titled(train),
        first=application_partition(train.project, train.application),
        first_key=id_key(train.id),
        second=ALL_TRAINS,
        second_key=id_key(train.id),
        version=train.version,
    )


def schedule_put(table: Table, train: Train) -> Put:
    """The write of when the schedule of a train makes its next snapshot; it is in the index while it makes any."""
    item: Item = {**schedule_key(train.id)._asdict(), "train": train.id}
    at = next_build(train)
    return Put(table, item if at is None else {**item, "second": DUE, "second_key": due_range(at)})


def snapshot_item(snapshot: Snapshot) -> Item:
    """The item of a snapshot. Faults: TooLarge."""
    place = snapshot.furthest
    return item_of(
        snapshot_key(snapshot.train, snapshot.id),
        Snapshot,
        snapshot,
        f"snapshot {snapshot.number}",
        first=status_hash(snapshot.train, own_status(snapshot)),
        first_key=id_key(snapshot.id),
        second=None if place is None else stage_hash(snapshot.train, place.stage),
        second_key=None if place is None else id_key(snapshot.id),
    )


def own_status(snapshot: Snapshot) -> SnapshotStatus:
    """The status of a snapshot as far as its own record says."""
    match snapshot.ending:
        case None:
            return SnapshotStatus.ACTIVE
        case Arrived():
            return SnapshotStatus.DEPLOYED
        case Rejection():
            return SnapshotStatus.REJECTED


def variables_item(variables: VariableSet) -> Item:
    """The item of the variables of a scope. Faults: TooLarge."""
    key, thing = variables_key(variables.scope), f"variables of {variables.scope}"
    return item_of(key, VariableSet, variables, thing, version=variables.version)


def variables_puts(table: Table, variables: VariableSet | None) -> Sequence[Put]:
    """The write of the variables of what is new, in their first version; none without any."""
    return () if variables is None else (Put(table, variables_item(replace(variables, version=1)), NEW),)
