"""Find applications, trains and snapshots as BuildMaster names them: by an integer id, or by title or number.

A snapshot by its number needs its train, a train by its number needs its application. What the caller may not read is
answered like what is not there.
"""

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import Application, place_handle
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import (
    find_application,
    find_application_titled,
    list_applications,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.unplanned import find_unplanned
from chalicelib.use_cases.trains.find import train_for
from slipway_formats.frozen import frozen

OF_TRAINS = "train"
"""Owner of the blocks of ids of trains and their snapshots."""


@frozen
class Address:
    """How something is named: by its id, its number or its title."""

    id: int | None = None
    number: str = ""
    title: str = ""

    def __str__(self) -> str:
        return str(self.id) if self.id is not None else (self.number or self.title)[:100]


@frozen
class TrainAddress:
    """How a train is named. application: of one by its number."""

    train: Address
    application: Address | None = None


@frozen
class SnapshotAddress:
    """How a snapshot is named. Of one by its number either its train, or its application if it is of no planned one."""

    snapshot: Address
    train: TrainAddress | None = None
    application: Address | None = None


def application_at(ports: Ports, origin: Origin, address: Address) -> Application:
    """Return the application. Faults: NotFound."""
    if address.id is not None:
        found = find_application(ports, origin, address.id)
    else:
        found = find_application_titled(ports, origin, address.title)
    if found is None:
        raise NotFound(f"no application {address}")
    return found


def train_at(ports: Ports, origin: Origin, address: TrainAddress) -> Train:
    """Return the train. Faults: NotFound."""
    missing = NotFound(f"no release {address.train}")
    if address.train.id is not None:
        try:
            train = train_for(ports, origin.by, address.train.id, Level.READ)
        except NotFound as fault:
            raise missing from fault
        if not train.is_planned:
            raise missing
        return train
    application = application_at(ports, origin, address.application or Address())
    found = ports.trains.find_numbered(application.project, application.name, address.train.number)
    if found is None:
        raise missing
    return found


def snapshot_at(ports: Ports, origin: Origin, address: SnapshotAddress) -> Changed:
    """Return the snapshot with its train. Faults: NotFound."""
    missing = NotFound(f"no build {address.snapshot}")
    number = address.snapshot.id
    if number is None:
        train = _train_of(ports, origin, address, missing)
        found = ports.snapshots.find_numbered(train.id, address.snapshot.number)
    else:
        try:
            train = train_for(ports, origin.by, train_of_snapshot(ports, number) or 0)
        except NotFound as fault:
            raise missing from fault
        found = ports.snapshots.find_snapshot(train.id, number)
    if found is None:
        raise missing
    return Changed(train=train, snapshot=found)


def _train_of(ports: Ports, origin: Origin, address: SnapshotAddress, missing: NotFound) -> Train:
    if address.application is None:
        return train_at(ports, origin, address.train or TrainAddress(train=Address()))
    application = application_at(ports, origin, address.application)
    found = find_unplanned(ports, application.project, application.name)
    if found is None:
        raise missing
    return found


def train_of_snapshot(ports: Ports, number: int) -> int | None:
    """Return the id of the train to whose block of ids a number belongs; None if it belongs to none."""
    owner = ports.numbers.find_owner(number)
    return int(owner.id) if owner is not None and owner.kind == OF_TRAINS else None


def application_of(ports: Ports, origin: Origin, train: Train) -> Application | None:
    """Return the application that a train belongs to, as the installation lists it; None for a train of none."""
    found = ports.installation.find_by(Application, place_handle(train.project, train.application))
    if found is not None or not train.project:
        return found
    # Of a project that has no entry yet, or of another application of a project that has one.
    listed = [one for one in list_applications(ports, origin) if one.project == train.project]
    return listed[0] if listed else None
