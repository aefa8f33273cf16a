"""Lists of trains and snapshots, newest first, by the filters that the dialects have."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, pipeline_name, status_of
from chalicelib.kernel.trains.train import Train, TrainStatus
from chalicelib.use_cases.access.authorise import require_project
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.find import may_read_train, train_for
from slipway_formats.frozen import frozen

PAGE, LEAST = 2_000, 100
"""How many are read by one query: of a whole list, and at least, as a filter may leave some out."""

Listed = TypeVar("Listed", Train, Snapshot)


@frozen
class TrainsQuery:
    """Trains that the caller may read, by any of these; an empty one is no filter. size: None for all.

    planned: False for those of snapshots that nobody planned, None for both. pipeline: what these travel is their own.
    """

    by: Principal
    project: str = ""
    application: str = ""
    number: str = ""
    title: str = ""
    pipeline: str = ""
    status: TrainStatus | None = None
    planned: bool | None = True
    size: int | None = None
    after: str | None = None


@frozen
class SnapshotsQuery:
    """Snapshots of a train, by any of these; an empty one is no filter. size: None for all."""

    by: Principal
    train: int
    id: int | None = None
    number: str = ""
    pipeline: str = ""
    stage: str = ""
    status: SnapshotStatus | None = None
    size: int | None = None
    after: str | None = None


@frozen
class SnapshotsOf:
    """A train with some of its snapshots, whose status depends on it."""

    train: Train
    snapshots: Sequence[Snapshot]


def list_trains(ports: Ports, query: TrainsQuery) -> Sequence[Train]:
    """List trains. What the caller may not read is left out."""
    found = (one for one in _trains(ports, query) if _fits(query, one) and may_read_train(query.by, one))
    return list(islice(found, query.size))


def find_trains(ports: Ports, query: TrainsQuery) -> Sequence[Train]:
    """List trains of a project that the caller may read, or of all such. Faults: NotFound."""
    if query.project:
        require_project(ports, query.by, Level.READ, query.project)
    return list_trains(ports, query)


def list_snapshots(ports: Ports, query: SnapshotsQuery) -> SnapshotsOf:
    """List snapshots of a train. Faults: NotFound."""
    train = train_for(ports, query.by, query.train)
    every = _snapshots(ports, train, query)
    is_open = query.id is None and query.status is None and not (query.number or query.stage or query.pipeline)
    found = every if is_open else (one for one in every if _matches(query, train, one))
    return SnapshotsOf(train=train, snapshots=list(islice(found, query.size)))


def all_snapshots(ports: Ports, train: int) -> Iterator[Snapshot]:
    """Yield all snapshots of a train, newest first: consistently, if its version is checked later."""
    return _every(lambda page: ports.snapshots.of_train(train, page), None)


def all_trains(ports: Ports, project: str, application: str) -> Iterator[Train]:
    """Yield all trains of an application, newest first."""
    return _every(lambda page: ports.trains.of_application(project, application, page), None)


def trains_of_project(ports: Ports, project: str) -> Sequence[Train]:
    """Return all trains that belong to a project, by reading all that there are."""
    return [one for one in _every(ports.trains.trains, None) if one.project == project]


def trains_on_pipeline(ports: Ports, pipeline: int) -> Iterator[Train]:
    """Yield the active trains that travel a pipeline of gates, by reading all that there are."""
    for one in _every(ports.trains.trains, None):
        if one.gated is not None and one.gated.pipeline == pipeline and one.status is TrainStatus.ACTIVE:
            yield one


def _trains(ports: Ports, query: TrainsQuery) -> Iterable[Train]:
    if not (query.project and query.application):
        return _every(ports.trains.trains, query.after, query.size)
    if query.number:
        found = ports.trains.find_numbered(query.project, query.application, query.number)
        return () if found is None else (found,)
    of_application = partial(ports.trains.of_application, query.project, query.application)
    return _every(of_application, query.after, query.size)


def _snapshots(ports: Ports, train: Train, query: SnapshotsQuery) -> Iterable[Snapshot]:
    """Yield those among which the others are: by what finds the fewest."""
    if query.id is not None:
        found = ports.snapshots.find_snapshot(train.id, query.id)
        return () if found is None else (found,)
    if query.number:
        found = ports.snapshots.find_numbered(train.id, query.number)
        return () if found is None else (found,)
    if query.stage:
        return _every(lambda page: ports.snapshots.at_stage(train.id, query.stage, page), query.after, query.size)
    status = query.status
    if status is not None:
        return _every(lambda page: ports.snapshots.of_status(train, status, page), query.after, query.size)
    return _every(lambda page: ports.snapshots.of_train(train.id, page), query.after, query.size)


def _every(read: Callable[[Page], Sequence[Listed]], after: str | None, wanted: int | None = None) -> Iterator[Listed]:
    """Yield all that is read, page by page. wanted: how many of them, if not all."""
    size = PAGE if wanted is None else min(max(wanted, LEAST), PAGE)
    while found := read(Page(size=size, after=after)):
        yield from found
        if len(found) < size:
            return
        after = str(found[-1].id)


def _fits(query: TrainsQuery, train: Train) -> bool:
    texts = (
        (query.project, train.project),
        (query.application, train.application),
        (query.number, train.number),
        (query.title, train.name),
        (query.pipeline if train.is_planned else "", train.pipeline),
    )
    is_of_kind = query.planned in (None, train.is_planned) and query.status in (None, train.status)
    return is_of_kind and all(_is_like(wanted, held) for wanted, held in texts)


def _matches(query: SnapshotsQuery, train: Train, snapshot: Snapshot) -> bool:
    stage = snapshot.furthest.stage if snapshot.furthest is not None else ""
    is_one = query.id in (None, snapshot.id) and (query.status is None or query.status is status_of(train, snapshot))
    texts = ((query.number, snapshot.number), (query.stage, stage), (query.pipeline, pipeline_name(train, snapshot)))
    return is_one and all(_is_like(wanted, held) for wanted, held in texts)


def _is_like(wanted: str, held: str) -> bool:
    return not wanted or folded(wanted) == folded(held)
