"""A run as a row of a list."""

from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.place import title
from chalicelib.kernel.explanation.summary import RunSummary
from slipway_formats.frozen import frozen


@frozen
class RunRow:
    """A run as a row. waits: names of what waits for people in it."""

    run: str
    tile: Tile
    title: str
    phase: Phase
    releases: tuple[str, ...]
    by: str
    began_at: datetime
    ended_at: datetime | None
    waits: tuple[str, ...]


def run_row(summary: RunSummary) -> RunRow:
    """Return the row of a run."""
    return RunRow(
        run=summary.id,
        tile=tile_of(summary.definition.project),
        title=title(summary.definition, summary.number),
        phase=Phase.WAITING_PERSON if summary.awaits else summary.phase,
        releases=summary.releases,
        by=summary.started_by,
        began_at=summary.created_at,
        ended_at=summary.ended_at,
        waits=tuple(f"{one.stage} / {one.name}" for one in summary.awaits),
    )
