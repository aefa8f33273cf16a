"""Snapshots that are made and deployed under the names by which BuildMaster knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from zoneinfo import ZoneInfo

from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.plans.local_time import LocalTime, instant_of
from chalicelib.kernel.trains.train import Member
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.read_once import reading_once
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.addressed import snapshot_view
from chalicelib.use_cases.train_addresses.addresses import (
    Address,
    SnapshotAddress,
    TrainAddress,
    application_at,
    snapshot_at,
    train_at,
)
from chalicelib.use_cases.train_addresses.train_views import SnapshotView
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.trains.stored_variables import stored
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_in
from chalicelib.use_cases.travel.begin_unplanned import BeginUnplanned, begin_unplanned
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_current
from chalicelib.use_cases.travel.deployments import Deployment, deployments_in
from slipway_formats.frozen import frozen


@frozen
class CreateSnapshotAt:
    """Give a train another snapshot. number: empty for the next."""

    origin: Origin
    address: TrainAddress
    number: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@frozen
class CreateUnplannedAt:
    """Give an application a snapshot without a train. pipeline: its own. number: empty for the next."""

    origin: Origin
    application: Address
    pipeline: str
    number: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@frozen
class DeployAt:
    """Deploy a snapshot. stage: empty for the next. begin: not before; None for now. force: against what holds it."""

    origin: Origin
    address: SnapshotAddress
    stage: str = ""
    force: bool = False
    begin: LocalTime | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


def create_snapshot_at(ports: Ports, command: CreateSnapshotAt | CreateUnplannedAt) -> SnapshotView:
    """Create a snapshot; no step begins before it is deployed. Faults: as of begin_snapshot and begin_unplanned."""
    ports = reading_once(ports)
    if isinstance(command, CreateUnplannedAt):
        return snapshot_view(ports, command.origin, _unplanned(ports, command))
    train = train_at(ports, command.origin, command.address)
    create = CreateSnapshot(
        origin=command.origin, train=train.id, number=command.number, variables=command.variables, keeps=stored
    )
    return snapshot_view(ports, command.origin, begin_in(ports, BeginSnapshot(create=create, holds=True), train))


def _unplanned(ports: Ports, command: CreateUnplannedAt) -> Changed:
    application = application_at(ports, command.origin, command.application)
    begin = BeginUnplanned(
        origin=command.origin,
        home=Member(project=application.project, application=application.name),
        pipeline=command.pipeline,
        number=command.number,
        variables=command.variables,
        holds=True,
    )
    return begin_unplanned(ports, begin)


def deploy_at(ports: Ports, command: DeployAt) -> Sequence[Deployment]:
    """Deploy a snapshot and return its deployments to the stage. Faults: as of deploy_snapshot."""
    ports = reading_once(ports)
    of = snapshot_at(ports, command.origin, command.address)
    begin_at = None
    if command.begin is not None:
        begin_at = instant_of(command.begin, command.origin.at, ZoneInfo(ports.settings.timezone))
    deployed = deploy_current(
        ports,
        DeploySnapshot(
            origin=command.origin,
            train=of.train.id,
            snapshot=of.snapshot.id,
            stage=command.stage,
            begin_at=begin_at if begin_at is not None and begin_at > command.origin.at else None,
            mode=PromotionMode.FORCED if command.force else PromotionMode.IF_MET,
            variables=command.variables,
        ),
        of,
    )
    view = snapshot_view(ports, command.origin, deployed.of)
    return list(deployments_in(ports, view, deployed.run, deployed.stage))
