"""Shapes of deploys that are told before they are made, and of rollbacks."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.platform.changes.shapes import ChangesShape
from chalicelib.http.shape import Shape


class PlannedDeployBody(Shape):
    """What to deploy. version: a query; the job's own if left out. inputs: besides those of the job."""

    version: str = ""
    inputs: dict[str, object] = Field(default_factory=dict)


class EffectShape(Shape):
    """What a deploy does besides."""

    kind: Literal["script", "dependency", "pipeline", "hold", "warning"]
    what: str


class DeployPlanShape(Shape):
    """What a deploy of a release would change and do. Nothing was changed or started."""

    release: str
    changes: ChangesShape
    effects: list[EffectShape]


class EarlierShape(Shape):
    """The deploy that went well, to which one goes back."""

    release: str
    at: str
    by: str
    run: str


class RollbackPlanShape(DeployPlanShape):
    """What a rollback would change and do. kept: what it does not undo."""

    to: EarlierShape
    kept: list[str]


class RollbackBody(Shape):
    """digest: of the change set that was shown; it is refused (409) if that is another one now."""

    digest: str = Field(default="", pattern="^([0-9a-f]{64})?$")


class StartedShape(Shape):
    """The run that was started."""

    run: str
