"""Snapshots as FlexDeploy's clients make and find them: with the versions that they carry, and how far they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.gated.assembly import Assembly, assembly_of
from chalicelib.kernel.faults import Conflict, Worded
from chalicelib.kernel.trains.scopes import of_snapshot
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.find import snapshot_of, train_unhidden
from chalicelib.use_cases.trains.lists import SnapshotsQuery, list_snapshots
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, assemble_snapshot
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_in
from slipway_formats.frozen import frozen


@frozen
class SnapshotsOfRelease:
    """Query: snapshots of a release, newest first. snapshot: the id of that one. most: None for all."""

    origin: Origin
    train: int
    snapshot: int = 0
    most: int | None = None


@frozen
class ReleaseSnapshot:
    """A snapshot of a release. assembly: how far it is before it travels. variables: those that are no secrets."""

    train: Train
    snapshot: Snapshot
    assembly: Assembly
    variables: Mapping[str, str] = field(default_factory=dict)


def create_release_snapshot(ports: Ports, command: AssembleSnapshot) -> ReleaseSnapshot:
    """Create a snapshot, which begins to travel when it is built. Faults: as of assemble_snapshot, Forbidden."""
    train = train_unhidden(ports, command.origin.by, command.train, Level.WRITE)
    if train.gated is not None:
        changed = assemble_snapshot(ports, command)
        return _one(ports, changed.train, changed.snapshot)
    if command.versions or command.copy_of is not None:
        raise Conflict(Worded("train {} travels no pipeline of gates: its snapshots carry no versions", train.name))
    create = CreateSnapshot(origin=command.origin, train=train.id, description=command.description)
    begun = begin_in(ports, BeginSnapshot(create=create), train)
    return _one(ports, begun.train, begun.snapshot)


def get_release_snapshot(ports: Ports, query: SnapshotsOfRelease) -> ReleaseSnapshot:
    """Return a snapshot of a release. Faults: NotFound, Forbidden."""
    train = train_unhidden(ports, query.origin.by, query.train)
    return _one(ports, train, snapshot_of(ports, train, query.snapshot))


def list_release_snapshots(ports: Ports, query: SnapshotsOfRelease) -> Sequence[ReleaseSnapshot]:
    """List the snapshots of a release, newest first. Faults: NotFound, Forbidden."""
    train = train_unhidden(ports, query.origin.by, query.train)
    wanted = SnapshotsQuery(by=query.origin.by, train=train.id, size=query.most)
    return list(_views(ports, train, list_snapshots(ports, wanted).snapshots))


def _one(ports: Ports, train: Train, snapshot: Snapshot) -> ReleaseSnapshot:
    (view,) = _views(ports, train, [snapshot])
    return view


def _views(ports: Ports, train: Train, snapshots: Sequence[Snapshot]) -> Iterator[ReleaseSnapshot]:
    runs = {run.id: run for run in ports.runs.find_runs([one.runs[0] for one in snapshots if one.runs])}
    variables = ports.variables.of_scopes([of_snapshot(one.id) for one in snapshots])
    for snapshot, given in zip(snapshots, variables, strict=True):
        run = runs.get(snapshot.runs[0]) if snapshot.runs else None
        view = ReleaseSnapshot(train=train, snapshot=snapshot, assembly=assembly_of(run))
        yield replace(view, variables=given.values)
