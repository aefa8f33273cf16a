"""Acts on trains and snapshots that are named as BuildMaster names them."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.kernel.trains.train import Member, TrainSettings
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.addresses import (
    Address,
    SnapshotAddress,
    TrainAddress,
    application_at,
    snapshot_at,
    train_at,
)
from chalicelib.use_cases.train_addresses.train_views import SnapshotView, TrainView, train_view
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, TrainAct, end_train, reject_snapshot
from chalicelib.use_cases.trains.trains import (
    CREATED_TRAIN,
    CreateTrain,
    UpdateTrain,
    create_train,
    train_entry,
    update_train,
)
from slipway_formats.frozen import frozen


@frozen
class CreateTrainAt:
    """Plan a delivery of an application. title: empty for its number. template: names one, or is empty."""

    origin: Origin
    application: Address
    number: str
    title: str = ""
    pipeline: str = ""
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@frozen
class SaveTrainAt:
    """Plan a delivery of an application, or give the one of that number another title or pipeline. Empty ones stay."""

    origin: Origin
    application: Address
    number: str
    title: str = ""
    pipeline: str = ""


@frozen
class EndTrainAt:
    """Cancel or restore a train."""

    origin: Origin
    address: TrainAddress
    act: TrainAct
    reason: str = ""


@frozen
class RejectSnapshotAt:
    """Reject a snapshot."""

    origin: Origin
    address: SnapshotAddress
    reason: str = ""


def create_train_at(ports: Ports, command: CreateTrainAt) -> TrainView:
    """Create a train of an application. Faults: as of create_train."""
    application = application_at(ports, command.origin, command.application)
    member = Member(project=application.project, application=application.name)
    settings = TrainSettings(title=command.title, pipeline=command.pipeline, members=(member,))
    train = create_train(
        ports,
        CreateTrain(
            origin=command.origin,
            number=command.number,
            settings=settings,
            template=command.template,
            variables=command.variables,
        ),
    )
    return TrainView(train=train, application=application)


def create_or_update_train_at(ports: Ports, command: SaveTrainAt) -> TrainView:
    """Create a train of an application, or update it. Faults: as of create_train and update_train."""
    origin = command.origin
    application = application_at(ports, origin, command.application)
    known = ports.trains.find_numbered(application.project, application.name, command.number)
    if known is None or was_done(ports, train_entry(origin, CREATED_TRAIN, known)):
        create = CreateTrainAt(
            origin=origin,
            application=command.application,
            number=command.number,
            title=command.title,
            pipeline=command.pipeline,
        )
        return create_train_at(ports, create)
    settings = TrainSettings(
        title=command.title or known.title,
        description=known.description,
        pipeline=command.pipeline,
        target_at=known.target_at,
    )
    train = update_train(ports, UpdateTrain(origin=origin, train=known.id, settings=settings))
    return TrainView(train=train, application=application)


def end_train_at(ports: Ports, command: EndTrainAt) -> TrainView:
    """Cancel a train, or restore it. Faults: as of end_train."""
    number = train_at(ports, command.origin, command.address).id
    train = end_train(ports, EndTrain(origin=command.origin, train=number, act=command.act, reason=command.reason))
    return train_view(ports, command.origin, train)


def reject_snapshot_at(ports: Ports, command: RejectSnapshotAt) -> SnapshotView:
    """Reject a snapshot; one that is rejected stays as it is. Faults: as of reject_snapshot."""
    of = snapshot_at(ports, command.origin, command.address)
    rejecting = RejectSnapshot(origin=command.origin, train=of.train.id, snapshot=of.snapshot.id, reason=command.reason)
    return snapshot_view(ports, command.origin, reject_snapshot(ports, rejecting))


def snapshot_view(ports: Ports, origin: Origin, of: Changed) -> SnapshotView:
    """Return a snapshot with its train and application."""
    return SnapshotView(snapshot=of.snapshot, of=train_view(ports, origin, of.train))
