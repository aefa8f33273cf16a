"""Find trains and snapshots for a caller: what they may not read is answered like what is not there."""

from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Forbidden, NotFound, Worded
from chalicelib.kernel.installation.entries import Application, place_handle
from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.ports.bundle import Ports


def train_for(ports: Ports, by: Principal, number: int, level: Level = Level.READ) -> Train:
    """Return the train of this id, if the caller has the level in its project. Faults: NotFound, Forbidden."""
    train = ports.trains.find_train(number)
    if train is None:
        raise NotFound(Worded("no train {}", number))
    return require_train(by, train, level)


def require_train(by: Principal, train: Train, level: Level) -> Train:
    """Return the train, if the caller has the level in its project. Faults: NotFound, Forbidden."""
    missing = Worded("no train {}", train.id)
    if not may_read_train(by, train):
        raise NotFound(missing)
    if train.project:
        require(by, level, train.project, missing=missing)
    return train


def train_unhidden(ports: Ports, by: Principal, number: int, level: Level = Level.READ) -> Train:
    """Return the train of this id, as `train_for` does, but tell of one that is there and may not be read.

    FlexDeploy's clients know its releases so. Faults: NotFound, Forbidden.
    """
    train = ports.trains.find_train(number)
    if train is None:
        raise NotFound(Worded("no train {}", number))
    if not may_read_train(by, train):
        raise Forbidden(Worded("{} may not read train {}", by.name, number))
    return require_train(by, train, level)


def may_read_train(by: Principal, train: Train) -> bool:
    """Return True if the caller may read the train; one that belongs to no project yet is its maker's and admins'."""
    if train.project:
        return may(by, Level.READ, train.project)
    return is_admin(by) or train.created_by == by.name


def snapshot_of(ports: Ports, train: Train, number: int) -> Snapshot:
    """Return the train's snapshot of this id. Faults: NotFound."""
    found = ports.snapshots.find_snapshot(train.id, number)
    if found is None:
        raise NotFound(Worded("no snapshot {} in train {}", number, train.id))
    return found


def carried_applications(ports: Ports, train: Train, snapshot: Snapshot) -> set[int]:
    """Return the ids of the applications that a snapshot carries; one without versions carries its train's members."""
    if snapshot.carries:
        return {one.application for one in snapshot.carries}
    handles = (place_handle(one.project, one.application) for one in train.members)
    found = (ports.installation.find_by(Application, handle) for handle in handles)
    return {one.id for one in found if one is not None}


def find_travelling(ports: Ports, line: Line) -> Changed | None:
    """Return the snapshot that a run travels with, and its train; None if either is gone."""
    train = ports.trains.find_train(train_in(line))
    snapshot = ports.snapshots.find_snapshot(train.id, line.number) if train is not None else None
    return Changed(train=train, snapshot=snapshot) if train is not None and snapshot is not None else None


def project_of_train(ports: Ports, number: int) -> str | None:
    """Return the project of the train of this id; None if there is no such train, or it belongs to none."""
    train = ports.trains.find_train(number)
    return None if train is None else train.project or None
