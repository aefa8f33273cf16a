"""The matrix as a table: applications by environment, of all projects under one row of environments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote, urlencode

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.projects.cell import CellPhase
from chalicelib.kernel.projects.drift import Drift
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.overview.matrix import CellView, ProjectMatrix
from slipway_formats.frozen import frozen

LOOKS: Mapping[CellPhase, Mark] = MappingProxyType(
    {
        CellPhase.OK: Mark(shape="✓", tone="ok", word="deployed"),
        CellPhase.FAILED: Mark(shape="✗", tone="bad", word="failed"),
        CellPhase.CHANGING: Mark(shape="●", tone="busy", word="changing"),
        CellPhase.EMPTY: Mark(shape="·", tone="off", word="nothing"),
    }
)
USUAL = CellPhase.OK
DRIFTS: Mapping[Drift, str] = MappingProxyType({Drift.BEHIND: "behind", Drift.AHEAD: "ahead of"})


@frozen
class BoardCell:
    """What is deployed in an environment. path: of the page that tells more, from the root of the console.

    look: None for the usual one of the board.

    drift: from the environment before, in words. before: what it is compared with, as a query. coming: the id of the
    run that is on its way there; empty for none.
    """

    environment: str
    look: Mark | None
    version: str
    path: str
    since: datetime
    drift: str
    before: str
    coming: str


@frozen
class BoardRow:
    """A deployment, by the columns of the board. application: where it is called otherwise."""

    name: str
    application: str
    cells: Sequence[BoardCell | None]


@frozen
class BoardProject:
    """A project with its deployments. environments: names of them that it has."""

    name: str
    tile: Tile
    rows: Sequence[BoardRow]


@frozen
class Board:
    """The table. environments: its columns. usual: the look of most cells, which is drawn once for all."""

    environments: Sequence[str]
    projects: Sequence[BoardProject]
    usual: Mark = LOOKS[USUAL]


def board(projects: Sequence[ProjectMatrix]) -> Board:
    """Return the table of these projects."""
    columns = merged([one.project.environments for one in projects])
    return Board(environments=columns, projects=[_project(one, columns) for one in projects])


def merged(orders: Iterable[Sequence[str]]) -> Sequence[str]:
    """Return all names once: those of the longest order as they are there, each other one behind what it follows."""
    found = list[str]()
    for order in sorted(orders, key=len, reverse=True):
        place = 0
        for name in order:
            if name not in found:
                found.insert(place, name)
            place = found.index(name) + 1
    return tuple(found)


@frozen
class _Place:
    """A column of a project, made once for its many cells. path: of its environment. old_and_new: part of a query."""

    path: str
    old_and_new: str


def _project(of: ProjectMatrix, columns: Sequence[str]) -> BoardProject:
    rows: dict[str, dict[str, CellView]] = {}
    for view in of.cells:
        rows.setdefault(view.cell.deployment, {})[view.cell.environment] = view
    name, places = of.project.name, _places(of.project)
    return BoardProject(
        name=name, tile=tile_of(name), rows=[_row(row, rows[row], columns, places) for row in sorted(rows)]
    )


def _places(project: Project) -> Mapping[str, _Place]:
    """Return the places of a project. Each is compared with the one before it."""
    before = dict(zip(project.environments[1:], project.environments, strict=False))
    return {
        one: _Place(
            path=f"projects/{quote(project.name)}/environments/{quote(one)}",
            old_and_new=urlencode({"old": before.get(one, ""), "new": one}),
        )
        for one in project.environments
    }


def _row(name: str, cells: Mapping[str, CellView], columns: Sequence[str], places: Mapping[str, _Place]) -> BoardRow:
    applications = {one.cell.application for one in cells.values()} - {"", name}
    deployment = urlencode({"deployment": name})
    found = [_cell(cells[one], places[one], deployment) if one in cells else None for one in columns]
    return BoardRow(name=name, application=", ".join(sorted(applications)), cells=found)


def _cell(view: CellView, place: _Place, deployment: str) -> BoardCell:
    cell = view.cell
    return BoardCell(
        environment=cell.environment,
        look=None if cell.phase is USUAL else LOOKS[cell.phase],
        version=cell.version,
        path=place.path,
        since=cell.since,
        drift=_drift(view),
        before="" if view.before is None else f"{place.old_and_new}&{deployment}",
        coming=view.on_its_way.id if view.on_its_way is not None else "",
    )


def _drift(view: CellView) -> str:
    if view.before is None or view.drift not in DRIFTS:
        return ""
    words = f"{DRIFTS[view.drift]} {view.before.version}"
    return words if view.apart is None else f"{view.apart} {words}"
