"""What the page of a snapshot shows: its stages with what can be done there, and what a deploy would change."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Crumb
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pulse, Unchanged, kept_live
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.trains.cells import TravelCell, cell_of, snapshot_path, train_path
from chalicelib.dialects.console.trains.marks import mark_of_snapshot
from chalicelib.dialects.console.trains.page import title_of_train
from chalicelib.dialects.console.trains.train import crumbs_to, pulse_of
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.gated.settings import BUILDING
from chalicelib.kernel.definitions.travel import is_in, is_scheduled_in
from chalicelib.kernel.engine.phase import GOOD, Phase
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, rejection_of, status_of
from chalicelib.kernel.trains.train import Rejection, Train, TrainStatus
from chalicelib.use_cases.overview.train_travels import (
    PlannedStage,
    Reached,
    SnapshotTravel,
    TrainTravel,
    TravelOfSnapshot,
    changes_of_travel,
    get_snapshot_travel,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.fresh_login import is_production
from chalicelib.use_cases.travel.execution_acts import REPLAYABLE
from slipway_formats.frozen import frozen


@frozen
class SnapshotQuery:
    """Query: the page of a snapshot. stage: to which it may be deployed; empty for the one after the furthest.

    known: what the reader sees.
    """

    frame: Frame
    now: datetime
    of: TravelOfSnapshot
    stage: str = ""
    known: str = ""

    @property
    def by(self) -> Principal:
        """Return who asks."""
        return self.of.by


@frozen
class StageRow:
    """A stage of the snapshot's pipeline. replays: number of the execution that may be replayed; 0 for none.

    may_deploy: the snapshot may be deployed there by the reader.
    """

    stage: PlannedStage
    cell: TravelCell | None
    replays: int
    may_deploy: bool


@frozen
class DeployPart:
    """A deploy that is offered. change: what it changes; None where that cannot be told yet. again: it was there."""

    stage: PlannedStage
    change: ChangePart | None
    is_production: bool
    again: bool


@frozen
class SnapshotPage:
    """What the page shows. path: its own."""

    asked: SnapshotQuery
    live: Live
    crumbs: Sequence[Crumb]
    train: Train
    snapshot: Snapshot
    path: str
    look: Mark
    rejection: Rejection | None
    rows: Sequence[StageRow]
    runs: Sequence[str]
    deploy: DeployPart | None


def snapshot_page(ports: Ports, asked: SnapshotQuery) -> SnapshotPage | Unchanged:
    """Return what the page of a snapshot shows. Faults: NotFound, also for a stage that is none of its pipeline."""

    def look() -> tuple[Pulse, Callable[[Live], SnapshotPage]]:
        found = get_snapshot_travel(ports, asked.of)
        if asked.stage and asked.stage not in {one.name for one in found.stages}:
            number = found.snapshots[0].snapshot.number
            raise NotFound(f"no stage {asked.stage[:64]} in the pipeline of snapshot {number}")
        return pulse_of(found), lambda live: _page(ports, asked, live, found)

    return kept_live(ports, asked, look)


def _page(ports: Ports, asked: SnapshotQuery, live: Live, found: TrainTravel) -> SnapshotPage:
    train, (travel,) = found.train, found.snapshots
    rows = _rows(asked.by, found, travel)
    crumb = Crumb(word=title_of_train(train), path=train_path(train.id))
    return SnapshotPage(
        asked=asked,
        live=live,
        crumbs=[*crumbs_to(train), crumb, Crumb(word=travel.snapshot.number)],
        train=train,
        snapshot=travel.snapshot,
        path=snapshot_path(train.id, travel.snapshot.id),
        look=mark_of_snapshot(train, travel.snapshot),
        rejection=rejection_of(train, travel.snapshot),
        rows=rows,
        runs=[one.run.id for one in reversed(travel.runs)],
        deploy=_deploy(ports, asked, travel, rows),
    )


def _rows(by: Principal, of: TrainTravel, travel: SnapshotTravel) -> Sequence[StageRow]:
    train, is_writer = of.train, bool(of.train.project) and may(by, Level.WRITE, of.train.project)
    is_open = status_of(train, travel.snapshot) is not SnapshotStatus.REJECTED
    may_deploy = is_writer and is_open and train.status is not TrainStatus.CANCELLED
    return [_row(travel, stage, is_writer=is_writer, may_deploy=may_deploy) for stage in of.stages]


def _row(travel: SnapshotTravel, stage: PlannedStage, *, is_writer: bool, may_deploy: bool) -> StageRow:
    reached = travel.reached.get(stage.key)
    return StageRow(
        stage=stage,
        cell=cell_of(travel, reached) if reached is not None else None,
        replays=reached.execution.number if is_writer and reached is not None and _may_be_replayed(reached) else 0,
        may_deploy=may_deploy and stage.key != BUILDING and not _is_under_way(travel, stage),
    )


def _may_be_replayed(reached: Reached) -> bool:
    run = reached.run
    is_ended = reached.execution.is_final and reached.execution.phase in REPLAYABLE
    return is_ended and run.ending is None and run.phase not in {*GOOD, Phase.SUPERSEDED}


def _is_under_way(travel: SnapshotTravel, stage: PlannedStage) -> bool:
    """Whether a deploy would be refused, for one is there; one that waits for its time may be brought forward."""
    return any(
        is_in(one.plan, one.run, stage.name) and not is_scheduled_in(one.plan, one.run, stage.name)
        for one in travel.runs
    )


def _deploy(ports: Ports, asked: SnapshotQuery, travel: SnapshotTravel, rows: Sequence[StageRow]) -> DeployPart | None:
    """Return the deploy that was chosen, or the one that is next; None where the reader may do none."""
    chosen = [row for row in rows if row.stage.name == asked.stage] if asked.stage else _following(rows)
    row = next((one for one in chosen if one.may_deploy), None)
    if row is None:
        return None
    changes = changes_of_travel(ports, asked.by, travel, row.stage.key)
    return DeployPart(
        stage=row.stage,
        change=change_part(changes) if changes is not None else None,
        is_production=is_production(ports, [row.stage.environment]),
        again=row.cell is not None and not row.cell.is_out_of_date,
    )


def _following(rows: Sequence[StageRow]) -> Sequence[StageRow]:
    """Return the stages behind the furthest one, if that went well: else another one is out of their order."""
    reached = [place for place, row in enumerate(rows) if row.cell is not None]
    last = rows[reached[-1]].cell if reached else None
    return () if last is not None and last.cell.phase not in GOOD else rows[reached[-1] + 1 if reached else 0 :]
