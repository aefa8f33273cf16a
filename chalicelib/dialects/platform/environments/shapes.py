"""Shapes of the history of environments, and of what differs between them."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.platform.changes.shapes import DeploymentChangeShape
from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import LenientShape, Shape


class PastChangeShape(Shape):
    """Something that was done to a deployment. action: null where a client wrote the state itself.

    release: that was meant; null for none. version: that was there afterwards; null for none.
    """

    at: str
    deployment: str
    action: Literal["build", "deploy", "smoke", "destroy", "errand", "script", "task", "load"] | None
    went_well: bool
    release: str | None
    version: str | None
    by: str
    run: str | None


class EnvironmentHistoryShape(Shape):
    """A page of all that was done in an environment, newest first. next: what to give as `page_from`."""

    items: list[PastChangeShape]
    next: str | None


class EnvironmentHistoryQuery(PagedQuery):
    """A page of the history of an environment."""


class DiffQuery(LenientShape):
    """What is compared. old, new: environments. old_at, new_at: RFC 3339; now if left out."""

    old: str = Field(default="", min_length=1)
    new: str = ""
    old_at: str = ""
    new_at: str = ""


class EnvironmentDiffShape(Shape):
    """What differs, from the old to the new. same: deployments that do not."""

    deployments: list[DeploymentChangeShape]
    same: list[str]
