"""Cells of the matrix in the table `projects`: beside their project, so that one query reads all of them.

A marker says that the deployments of 0.1, which wrote none, have theirs.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from pynamodb.expressions.operand import Path

from chalicelib.kernel.projects.cell import Cell, cell_of
from chalicelib.kernel.projects.deployment import Deployment
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import BODY, item_of, record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.projects.keys import CELLS, cell_key, cells_key

MOST_KNOWN = 20_000
"""Cells that one process knows by how they are stored: at most 15 MB."""


def cell_item(project: str, cell: Cell) -> Item:
    """Encode a cell as an item."""
    key = cell_key(project, cell.environment, cell.deployment)
    return item_of(key, Cell, cell, f"cell {cell.deployment}", under=BODY)


def read_cells(table: Table, project: str) -> Sequence[Cell] | None:
    """Return the cells of a project; None while those of earlier deployments may be missing."""
    key = cells_key(project)
    wanted = (Path("pk") == key.pk) & Path("sk").startswith(CELLS)
    items = list(table.every(wanted, Reading(consistent=True)))
    if not items or items[0]["sk"] != key.sk:
        return None
    return tuple(_cell_in(item[BODY]) for item in items[1:])


@lru_cache(maxsize=MOST_KNOWN)
def _cell_in(packed: bytes | str) -> Cell:
    """Decode a cell. Most are as they were when the matrix was read before."""
    found: Cell = record_of(Cell, {BODY: packed})
    return found


def bring_cells(table: Table, project: str, deployments: Iterable[Deployment]) -> None:
    """Write the cells of earlier deployments, unless they have one, and then the marker; idempotent."""
    for deployment in deployments:
        try:
            table.put(cell_item(project, cell_of(deployment)), NEW)
        except ConditionFailed:
            # It has changed meanwhile, or in a call that did not come to its end.
            continue
    table.put({**cells_key(project)._asdict()})
