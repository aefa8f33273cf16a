"""What the page of a train shows: its snapshots, and how far each is."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.trains.cells import TravelCell, cell_of, snapshot_path
from chalicelib.dialects.console.trains.marks import mark_of_snapshot, mark_of_train
from chalicelib.dialects.console.trains.page import home_of, title_of_train
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.phase import FINAL, WAITING
from chalicelib.kernel.trains.snapshot import Snapshot, rejection_of
from chalicelib.kernel.trains.train import Rejection, Train
from chalicelib.use_cases.overview.train_travels import PlannedStage, SnapshotTravel, TrainTravel, TravelOf, get_travel
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class TrainQuery:
    """Query: the page of a train. known: what the reader sees."""

    frame: Frame
    now: datetime
    of: TravelOf
    known: str = ""

    @property
    def by(self) -> Principal:
        """Return who asks."""
        return self.of.by


@frozen
class SnapshotRow:
    """A snapshot as a row. cells: of each stage how it is there; None where it was not. rejection: by whom, and why."""

    snapshot: Snapshot
    path: str
    look: Mark
    rejection: Rejection | None
    cells: Sequence[TravelCell | None]


@frozen
class TrainPage:
    """What the page shows. more: from where older snapshots begin; empty without any."""

    asked: TrainQuery
    live: Live
    crumbs: Sequence[Crumb]
    train: Train
    title: str
    home: str
    look: Mark
    stages: Sequence[PlannedStage]
    rows: Sequence[SnapshotRow]
    more: str


def train_page(ports: Ports, asked: TrainQuery) -> TrainPage | Unchanged:
    """Return what the page of a train shows. Faults: NotFound."""

    def look() -> tuple[Pulse, Callable[[Live], TrainPage]]:
        found = get_travel(ports, asked.of)
        (travel,) = found.items
        return pulse_of(travel), lambda live: _page(asked, live, travel, found.after or "")

    return kept_live(ports, asked, look)


def pulse_of(travel: TrainTravel) -> Pulse:
    """Return how a page moves that shows how far a train is."""
    runs = [one.run for snapshot in travel.snapshots for one in snapshot.runs]
    phases = {state.phase for run in runs for one in run.stages for state in one.nodes.values() if not run.is_final}
    return Pulse(
        mark=mark_of(travel.train.version, travel.stages, [(run.id, run.version) for run in runs]),
        pace=Pace.MOVING if phases - FINAL - WAITING else Pace.WAITING,
        # No event tells of a new snapshot.
        is_told=False,
    )


def _page(asked: TrainQuery, live: Live, travel: TrainTravel, more: str) -> TrainPage:
    title = title_of_train(travel.train)
    return TrainPage(
        asked=asked,
        live=live,
        crumbs=[*crumbs_to(travel.train), Crumb(word=title)],
        train=travel.train,
        title=title,
        home=home_of(travel.train),
        look=mark_of_train(travel.train),
        stages=travel.stages,
        rows=[_row(travel, one) for one in travel.snapshots],
        more=more,
    )


def crumbs_to(train: Train) -> Sequence[Crumb]:
    """Return where a train is: in its project, among the trains."""
    trains = Crumb(word="Trains", path="/trains")
    if not train.project:
        return [trains]
    return [Crumb(word=train.project, path=f"/projects/{train.project}", tile=tile_of(train.project)), trains]


def _row(travel: TrainTravel, one: SnapshotTravel) -> SnapshotRow:
    return SnapshotRow(
        snapshot=one.snapshot,
        path=snapshot_path(travel.train.id, one.snapshot.id),
        look=mark_of_snapshot(travel.train, one.snapshot),
        rejection=rejection_of(travel.train, one.snapshot),
        cells=[cell_of(one, one.reached[stage.key]) if stage.key in one.reached else None for stage in travel.stages],
    )
