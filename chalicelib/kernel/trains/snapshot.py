"""Snapshots: the numbered candidates of a train, as they are stored, and how each stands."""

from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.trains.stage_information import StageInformation
from chalicelib.kernel.trains.train import Head, Place, Rejection, Train
from slipway_formats.frozen import frozen


class SnapshotStatus(StrEnum):
    """The status of a snapshot: whether it may still be delivered."""

    ACTIVE = "active"
    DEPLOYED = "deployed"
    REJECTED = "rejected"


@frozen
class Arrived:
    """The snapshot succeeded in the last stage of its pipeline."""

    at: datetime


@frozen
class CarriedVersion:
    """The version of an application that a snapshot carries. application, branch, version: ids.

    number: as people write it. builds: the snapshot builds it before it travels.
    """

    application: int
    branch: int = 0
    version: int = 0
    number: str = ""
    builds: bool = False


@frozen
class Snapshot:
    """A numbered candidate of a train.

    pipeline: its own, if its train is not planned. furthest: the furthest stage in which a deployment of it began.
    runs: ids of its runs, oldest first: its travel, and each redeploy. ending: its own; a cancelled train ends its
    snapshots by a sweep. carries: on a pipeline of gates, what it takes along. information: of its stages, before they
    begin. informed: how often something was said of them.
    """

    id: int
    train: int
    number: str
    title: str = ""
    description: str = ""
    pipeline: str = ""
    created_by: str
    created_at: datetime
    furthest: Place | None = None
    ending: Rejection | Arrived | None = None
    runs: tuple[str, ...] = ()
    carries: tuple[CarriedVersion, ...] = ()
    information: tuple[StageInformation, ...] = ()
    informed: int = 0


def rejection_of(train: Train, snapshot: Snapshot) -> Rejection | None:
    """Return who rejected a snapshot, alone or with its whole train; None if nobody did."""
    if isinstance(snapshot.ending, Rejection):
        return snapshot.ending
    if snapshot.ending is not None:
        return None
    return next((sweep.rejection for sweep in train.sweeps if snapshot.id <= sweep.up_to), None)


def status_of(train: Train, snapshot: Snapshot) -> SnapshotStatus:
    """Return the status of a snapshot, which also depends on its train."""
    if isinstance(snapshot.ending, Arrived):
        return SnapshotStatus.DEPLOYED
    return SnapshotStatus.ACTIVE if rejection_of(train, snapshot) is None else SnapshotStatus.REJECTED


def pipeline_name(train: Train, snapshot: Snapshot) -> str:
    """Return the name of the pipeline that a snapshot travels: its own, else that of its train."""
    return snapshot.pipeline or train.pipeline


def head_of(snapshot: Snapshot) -> Head:
    """Return the reference to the snapshot that its train stores."""
    return Head(id=snapshot.id, number=snapshot.number, place=snapshot.furthest)


def distance(of: Head | Snapshot) -> tuple[int, int]:
    """Return a sort key of snapshots: by how far along the pipeline they are, then by age; the greatest is furthest."""
    place = of.place if isinstance(of, Head) else of.furthest
    return (-1 if place is None else place.number, of.id)
