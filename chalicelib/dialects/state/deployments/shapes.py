"""Shapes of remote state. Clients send extra fields and omit empty ones."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, JsonValue, WithJsonSchema

from chalicelib.dialects.state.shapes import AtQuery, OneQuery
from chalicelib.http.instant import read_instant
from chalicelib.http.query import PagedQuery
from chalicelib.http.shape import GoShape, LenientShape
from chalicelib.kernel.projects.deployment import DeploymentStage, StateCode


def _instant(text: str) -> str:
    read_instant(text)
    return text


InstantText = Annotated[str, AfterValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})]


class StatusBody(GoShape):
    """The status of a stage."""

    status: StateCode
    updated_at: InstantText | None = None
    updated_by: str = ""
    data: JsonValue = ""
    try_again_at: InstantText | None = None
    tried: int = 0


class StageBody(GoShape):
    """A stage of a deployment. sensitive: names of values for writers only, besides those that its release declares."""

    version: str = ""
    status: StatusBody | None = None
    inputs: dict[str, JsonValue] | None = None
    calculated_inputs: dict[str, JsonValue] | None = None
    calculated_outputs: dict[str, JsonValue] | None = None
    deployments: dict[str, "DeploymentBody"] | None = None
    providers: dict[str, str] | None = None
    provides: list[str] | None = None
    sensitive: list[str] | None = None


class DeploymentBody(GoShape):
    """A deployment with all nested in it."""

    name: str = ""
    release: str = ""
    inputs: dict[str, JsonValue] | None = None
    stages: dict[DeploymentStage, StageBody | None] | None = None


class StateBody(GoShape):
    """The state of the deployment at a path, `root:child`. root_stage: blank for the root itself."""

    path: str = ""
    root_stage: str = ""
    state: DeploymentBody


class ChangeShape(LenientShape):
    """An entry of a deployment's history. action: of the job that made the change; empty if a client wrote the state.

    deployment: a summary after the change; absent if it was deleted.
    """

    id: str
    at: AwareDatetime
    by: str
    action: str
    went_well: bool
    execution_id: str
    release_id: str
    deployment: dict[str, JsonValue] | None


class DeploymentQuery(OneQuery, AtQuery):
    """Which deployment, and when."""


class HistoryQuery(PagedQuery, OneQuery):
    """Whose history."""
