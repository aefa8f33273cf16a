"""Shapes of the matrix of applications and environments."""

from typing import Literal

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import Shape


class ComingShape(Shape):
    """The newest open run that deploys there."""

    run: str
    run_nr: int
    phase: str
    started_by: str
    created_at: str


class CellShape(Shape):
    """What is deployed in an environment under a name. version: null for none. since, by: of the last change of this.

    before: the version in the environment before; drift: how this one stands to it, null where nothing compares.
    drift_by: by how many releases; null unless both are among the newest 1,024 of an application that may be read.
    """

    deployment: str
    application: str
    version: str | None
    phase: Literal["ok", "failed", "changing", "empty"]
    since: str
    by: str
    before: str | None
    drift: Literal["same", "behind", "ahead"] | None
    drift_by: int | None
    next: ComingShape | None


class ProjectMatrixShape(Shape):
    """A project. environments: in order. cells: by environment, then by name."""

    project: str
    title: str
    environments: list[str]
    cells: dict[str, list[CellShape]]


class MatrixShape(Shape):
    """A page of projects by name. next: what to give as `page_from`."""

    items: list[ProjectMatrixShape]
    next: str | None


class MatrixQuery(PagedQuery):
    """Of which project, or of all that the caller may read."""

    project: str = ""
