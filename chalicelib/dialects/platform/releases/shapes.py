"""Shapes of releases with where they are."""

from typing import Literal

from pydantic import Field

from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import Shape


class PlacesQuery(PagedQuery):
    """Which versions are wanted: a page of them, the highest first, or one alone."""

    page_size: int = Field(default=20, ge=1, le=100)
    version: str = ""


class ReleaseYankShape(Shape):
    """Why a release is out of use, by whom and since when."""

    reason: str
    by: str
    at: str


class DeployedInShape(Shape):
    """Where a release is deployed, since when, and by whom."""

    project: str
    environment: str
    deployment: str
    phase: Literal["ok", "failed", "changing", "empty"]
    since: str
    by: str


class PlacedReleaseShape(Shape):
    """A release: registered when and by whom, from which commit, and where it is deployed now.

    deployed_in: in projects that the caller may read. run: that built it; null where it was built elsewhere.
    """

    version: str
    at: str
    by: str
    revision: str
    branch: str
    message: str
    run: str | None
    has_package: bool
    yanked: ReleaseYankShape | None
    deployed_in: list[DeployedInShape]


class PlacedReleasesShape(Shape):
    """A page of releases, highest first. next: what to give as `page_from`."""

    items: list[PlacedReleaseShape]
    next: str | None
