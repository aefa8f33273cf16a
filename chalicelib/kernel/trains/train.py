"""Trains: planned deliveries, as they are stored. What may become of them: transitions.py."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.trains.gated import GatedTravel
from slipway_formats.frozen import frozen


class TrainStatus(StrEnum):
    """Whether a train goes on."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    DEPLOYED = "deployed"


@frozen
class Cancelled:
    """Somebody cancelled the train; it can be restored."""

    by: str
    at: datetime
    reason: str = ""


@frozen
class Delivered:
    """A snapshot of the train reached the end of its pipeline, and that was the train's aim."""

    by: str
    at: datetime


@frozen
class Rejection:
    """Somebody rejected a snapshot; or, by cancelling a train, all its open ones."""

    by: str
    at: datetime
    reason: str = ""


@frozen
class Sweep:
    """A rejection of all open snapshots up to an id."""

    up_to: int
    rejection: Rejection


@frozen
class Place:
    """A stage of a pipeline, and where it stands in it. number: from 0."""

    stage: str
    number: int


@frozen
class Head:
    """The snapshot of a train that is its latest or furthest. place: None before any stage."""

    id: int
    number: str
    place: Place | None = None


@frozen
class Member:
    """An application that a train delivers. priority: lower ones first, equal ones side by side.

    groups: by which steps of a pipeline of gates include or exclude it. branch: the id of the one that is built; 0 for
    the main one.
    """

    project: str
    application: str
    priority: int = 1
    groups: tuple[str, ...] = ()
    branch: int = 0


@frozen
class Train:
    """A planned delivery.

    project, application: those of the first member, to which it belongs; empty while it has none. number: empty for the
    one train of an application whose snapshots nobody planned; they name their pipelines themselves. title: any text;
    empty for the number. pipeline: as it was named, perhaps with its raft (`global::standard`). sequence: counted in
    the application, from 1. sweeps: in order of their ids. next_id, last_id: what is left of the block of ids that its
    snapshots are given. highest: the highest whole number that a snapshot was given. gated: how it travels, where its
    pipeline is one of gates.
    """

    id: int
    project: str = ""
    application: str = ""
    number: str
    title: str = ""
    description: str = ""
    pipeline: str
    template: str = ""
    sequence: int
    target_at: datetime | None = None
    members: tuple[Member, ...] = ()
    created_by: str
    created_at: datetime
    acts_for: Actor | None = None
    ending: Cancelled | Delivered | None = None
    sweeps: tuple[Sweep, ...] = ()
    next_id: int
    last_id: int
    highest: int = 0
    latest: Head | None = None
    furthest: Head | None = None
    gated: GatedTravel | None = None
    version: int = 0

    @property
    def status(self) -> TrainStatus:
        """Return the status of the train."""
        match self.ending:
            case None:
                return TrainStatus.ACTIVE
            case Cancelled():
                return TrainStatus.CANCELLED
            case Delivered():
                return TrainStatus.DEPLOYED

    @property
    def is_planned(self) -> bool:
        """Return False for the train of those snapshots of an application that belong to no delivery."""
        return bool(self.number)

    @property
    def name(self) -> str:
        """Return the name for display: the title, else the number."""
        return self.title or self.number


@frozen
class TrainSettings:
    """Settings of a train, which can be changed later."""

    title: str = ""
    description: str = ""
    pipeline: str = ""
    target_at: datetime | None = None
    members: tuple[Member, ...] = field(default=())
    gated: GatedTravel | None = None
