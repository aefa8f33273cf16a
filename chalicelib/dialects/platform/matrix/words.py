"""Read which part of the matrix is wanted, and show it."""

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.explanation.summary import RunSummary
from chalicelib.kernel.projects.drift import Drift
from chalicelib.use_cases.overview.matrix import CellView, Matrix, MatrixQuery, ProjectMatrix
from chalicelib.use_cases.ports.runs import Page


def read_matrix(request: Request) -> MatrixQuery:
    """Read of which projects the matrix is wanted. Faults: Invalid."""
    size = request.query.whole("page_size", default=50, least=1, most=200)
    page = Page(size=size, after=request.query.text("page_from") or None)
    return MatrixQuery(by=request.asker, project=request.query.text("project") or "", page=page)


def show_matrix(matrix: Matrix) -> Reply:
    """Show a page of projects with their cells."""
    return json_reply({"items": [_shown(one) for one in matrix.projects], "next": matrix.after})


def _shown(one: ProjectMatrix) -> Json:
    cells: dict[str, list[Json]] = {name: [] for name in one.project.environments}
    for view in one.cells:
        cells[view.cell.environment].append(_shown_cell(view))
    return {
        "project": one.project.name,
        "title": one.project.title,
        "environments": list(one.project.environments),
        "cells": cells,
    }


def _shown_cell(view: CellView) -> Json:
    cell = view.cell
    return {
        "deployment": cell.deployment,
        "application": cell.application,
        "version": cell.version or None,
        "phase": cell.phase.value,
        "since": cell.since.isoformat(),
        "by": cell.by,
        "before": (view.before.version or None) if view.before is not None else None,
        "drift": view.drift.value if view.drift is not Drift.ABSENT else None,
        "drift_by": view.apart,
        "next": _shown_coming(view.on_its_way) if view.on_its_way is not None else None,
    }


def _shown_coming(run: RunSummary) -> Json:
    return {
        "run": run.id,
        "run_nr": run.number,
        "phase": run.phase.value,
        "started_by": run.started_by,
        "created_at": run.created_at.isoformat(),
    }
