"""Lists of trains and snapshots over all applications, as BuildMaster's clients filter them, newest first.

A filter that names what is not there, or may not be read, matches nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus
from chalicelib.kernel.trains.train import Train, TrainStatus
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.addresses import Address, application_at, application_of, train_of_snapshot
from chalicelib.use_cases.trains.find import train_for
from chalicelib.use_cases.trains.lists import SnapshotsQuery, TrainsQuery, list_snapshots, list_trains
from slipway_formats.frozen import frozen


@frozen
class TrainFilter:
    """Query: trains by any of these. planned: as of TrainsQuery. most: None for all."""

    origin: Origin
    application: Address | None = None
    train: Address | None = None
    pipeline: str = ""
    status: TrainStatus | None = None
    planned: bool | None = True
    most: int | None = None


@frozen
class SnapshotFilter:
    """Query: snapshots by any of these. trains: those of which; its status, planned and most are not asked for.

    Those of no planned train are among them where no train is named.
    """

    trains: TrainFilter
    snapshot: Address | None = None
    stage: str = ""
    status: SnapshotStatus | None = None
    most: int | None = None


@frozen
class TrainView:
    """A train and the application that it belongs to."""

    train: Train
    application: Application | None


@frozen
class SnapshotView:
    """A snapshot with its train and application."""

    snapshot: Snapshot
    of: TrainView


def list_train_views(ports: Ports, query: TrainFilter) -> Sequence[TrainView]:
    """List trains, newest first."""
    found = islice(_trains(ports, query), query.most)
    return list(_with_applications(ports, query.origin, found))


def list_snapshot_views(ports: Ports, query: SnapshotFilter) -> Sequence[SnapshotView]:
    """List snapshots, newest first."""
    found = [
        SnapshotView(snapshot=one, of=view)
        for view in _with_applications(ports, query.trains.origin, _trains_of(ports, query))
        for one in _snapshots(ports, query, view.train)
    ]
    found.sort(key=lambda view: (view.snapshot.created_at, view.snapshot.id), reverse=True)
    return found[: query.most]


def train_view(ports: Ports, origin: Origin, train: Train) -> TrainView:
    """Return a train with the application that it belongs to."""
    return TrainView(train=train, application=application_of(ports, origin, train))


def _trains(ports: Ports, query: TrainFilter) -> Iterable[Train]:
    with suppress(NotFound):
        of = application_at(ports, query.origin, query.application) if query.application is not None else None
        return [one for one in _named(ports, query, of) if _fits(query, of, one)]
    return ()


def _named(ports: Ports, query: TrainFilter, of: Application | None) -> Iterable[Train]:
    train = query.train or Address()
    if train.id is not None:
        return [train_for(ports, query.origin.by, train.id)]
    wanted = TrainsQuery(
        by=query.origin.by,
        project=of.project if of is not None else "",
        application=of.name if of is not None else "",
        number=train.number,
        title=train.title,
        pipeline=query.pipeline,
        status=query.status,
        planned=query.planned,
    )
    return list_trains(ports, wanted)


def _fits(query: TrainFilter, of: Application | None, train: Train) -> bool:
    is_there = of is None or (train.project, train.application) == (of.project, of.name)
    is_like = not (query.pipeline and train.is_planned) or folded(query.pipeline) == folded(train.pipeline)
    is_of_kind = query.planned in (None, train.is_planned)
    return is_there and is_like and is_of_kind and query.status in (None, train.status)


def _trains_of(ports: Ports, query: SnapshotFilter) -> Iterable[Train]:
    """Return the trains among whose snapshots the others are."""
    number = query.snapshot.id if query.snapshot is not None else None
    own = Address(id=train_of_snapshot(ports, number) or 0) if number is not None else None
    if query.trains.train is None:
        return _trains(ports, replace(query.trains, train=own, planned=None))
    return [train for train in _trains(ports, query.trains) if own is None or train.id == own.id]


def _snapshots(ports: Ports, query: SnapshotFilter, train: Train) -> Iterable[Snapshot]:
    named = query.snapshot or Address()
    wanted = SnapshotsQuery(
        by=query.trains.origin.by,
        train=train.id,
        id=named.id,
        number=named.number,
        pipeline=query.trains.pipeline,
        stage=query.stage,
        status=query.status,
        size=query.most,
    )
    return list_snapshots(ports, wanted).snapshots


def _with_applications(ports: Ports, origin: Origin, trains: Iterable[Train]) -> Iterator[TrainView]:
    known: dict[tuple[str, str], Application | None] = {}
    for train in trains:
        place = (train.project, train.application)
        if place not in known:
            known[place] = application_of(ports, origin, train)
        yield TrainView(train=train, application=known[place])
