"""How trains and snapshots are shown, by how they stand."""

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, status_of
from chalicelib.kernel.trains.train import Train, TrainStatus
from chalicelib.use_cases.trains.pause_runs import is_suspended

TRAINS: Mapping[TrainStatus, Mark] = MappingProxyType(
    {
        TrainStatus.ACTIVE: Mark(shape="●", tone="busy", word="under way"),
        TrainStatus.CANCELLED: Mark(shape="■", tone="off", word="cancelled"),
        TrainStatus.DEPLOYED: Mark(shape="✓", tone="ok", word="delivered"),
    }
)
SNAPSHOTS: Mapping[SnapshotStatus, Mark] = MappingProxyType(
    {
        SnapshotStatus.ACTIVE: Mark(shape="●", tone="busy", word="open"),
        SnapshotStatus.REJECTED: Mark(shape="⊘", tone="bad", word="rejected"),
        SnapshotStatus.DEPLOYED: Mark(shape="✓", tone="ok", word="delivered"),
    }
)
SUSPENDED = Mark(shape="◫", tone="wait", word="suspended")


def mark_of_train(train: Train) -> Mark:
    """Return how a train is shown."""
    return SUSPENDED if train.status is TrainStatus.ACTIVE and is_suspended(train) else TRAINS[train.status]


def mark_of_snapshot(train: Train, snapshot: Snapshot) -> Mark:
    """Return how a snapshot is shown."""
    return SNAPSHOTS[status_of(train, snapshot)]
