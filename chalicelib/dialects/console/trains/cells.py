"""Cells of tables of trains: which snapshot is in a stage, and how it is there."""

from collections.abc import Sequence

from chalicelib.dialects.console.frame.stage_cell import StageCell, stage_cell
from chalicelib.kernel.engine.phase import GOOD, Phase
from chalicelib.use_cases.overview.train_travels import Reached, SnapshotTravel, TrainTravel
from slipway_formats.frozen import frozen


@frozen
class TravelCell:
    """A snapshot in a stage. path: of its page. run: the one that brought it there."""

    number: str
    path: str
    run: str
    cell: StageCell

    @property
    def is_out_of_date(self) -> bool:
        """Whether a younger snapshot has overtaken it."""
        return self.cell.phase is Phase.SUPERSEDED


def train_path(train: int) -> str:
    """Return the path of the page of a train."""
    return f"/trains/{train}"


def snapshot_path(train: int, snapshot: int) -> str:
    """Return the path of the page of a snapshot."""
    return f"{train_path(train)}/snapshots/{snapshot}"


def cell_of(travel: SnapshotTravel, reached: Reached) -> TravelCell:
    """Return the cell of a stage that a snapshot has reached."""
    snapshot = travel.snapshot
    return TravelCell(
        number=snapshot.number,
        path=snapshot_path(snapshot.train, snapshot.id),
        run=reached.run.id,
        cell=stage_cell(reached.stage, reached.execution),
    )


def cells_in(travel: TrainTravel, stage: str) -> Sequence[TravelCell]:
    """Return what of a train is in a stage: the newest that reached it and, if that did not go well, what went well."""
    here = [cell_of(one, one.reached[stage]) for one in travel.snapshots if stage in one.reached]
    well = next((one for one in here[1:] if one.cell.phase in GOOD), None)
    return here[:1] if not here or here[0].cell.phase in GOOD or well is None else [here[0], well]
