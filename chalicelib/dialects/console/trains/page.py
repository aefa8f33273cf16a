"""What the list of trains shows: of each how far it is, those with the same stages under one head."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.trains.cells import TravelCell, cells_in, train_path
from chalicelib.dialects.console.trains.marks import mark_of_train
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.overview.train_travels import PlannedStage, TrainTravel, TravelsQuery, list_travels
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

UNPLANNED = "without a release"
"""What the train of an application is called whose snapshots nobody planned."""


@frozen
class Search:
    """Query: the list of trains. given: the filters as they stand in its address."""

    frame: Frame
    now: datetime
    sought: TravelsQuery
    given: tuple[tuple[str, str], ...]


@frozen
class TrainRow:
    """A train as a row. cells: of each stage what is there."""

    train: Train
    title: str
    path: str
    look: Mark
    cells: Sequence[Sequence[TravelCell]]


@frozen
class TrainGroup:
    """Trains of one application that go through the same stages, which are the columns."""

    title: str
    project: str
    tile: Tile | None
    stages: Sequence[PlannedStage]
    rows: Sequence[TrainRow]


@frozen
class TrainsPage:
    """What the list shows. more: the query of its next page; empty without one."""

    search: Search
    groups: Sequence[TrainGroup]
    more: str


def trains_page(ports: Ports, search: Search) -> TrainsPage:
    """Return the trains that are looked for, newest first. Faults: NotFound for a project that one may not read."""
    found = list_travels(ports, search.sought)
    more = urlencode([*search.given, ("page_from", found.after)]) if found.after else ""
    return TrainsPage(search=search, groups=[_group(list(some)) for _, some in groupby(found.items, _kind)], more=more)


def title_of_train(train: Train) -> str:
    """Return what people call a train."""
    return train.name or UNPLANNED


def _kind(travel: TrainTravel) -> tuple[object, ...]:
    return travel.train.project, travel.train.application, travel.stages


def _group(travels: Sequence[TrainTravel]) -> TrainGroup:
    train, stages = travels[0].train, travels[0].stages
    return TrainGroup(
        title=home_of(train),
        project=train.project,
        tile=tile_of(train.project) if train.project else None,
        stages=stages,
        rows=[_row(one) for one in travels],
    )


def home_of(train: Train) -> str:
    """Return to what a train belongs: its project, and its application where that is called otherwise."""
    named = [train.project, train.application] if train.application != train.project else [train.project]
    return "/".join(filter(None, named)) or "of no project yet"


def _row(travel: TrainTravel) -> TrainRow:
    return TrainRow(
        train=travel.train,
        title=title_of_train(travel.train),
        path=train_path(travel.train.id),
        look=mark_of_train(travel.train),
        cells=[cells_in(travel, stage.key) for stage in travel.stages],
    )
