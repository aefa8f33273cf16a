"""Shapes of remote state. Clients send extra fields and omit empty ones."""

from pydantic import AwareDatetime, Field, JsonValue

from chalicelib.http.shape import LenientShape
from chalicelib.kernel.projects.deployment import DeploymentStage, StateCode


class StatusBody(LenientShape):
    """The status of a stage."""

    status: StateCode
    updated_at: AwareDatetime | None = None
    updated_by: str = ""
    data: JsonValue = ""
    try_again_at: AwareDatetime | None = None
    tried: int = 0


class StageBody(LenientShape):
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


class DeploymentBody(LenientShape):
    """A deployment with all nested in it."""

    name: str = ""
    release: str = ""
    inputs: dict[str, JsonValue] | None = None
    stages: dict[DeploymentStage, StageBody | None] | None = None


class StateBody(LenientShape):
    """The state of the deployment at a path, `root:child`. root_stage: blank for the root itself."""

    path: str = ""
    root_stage: str = ""
    state: DeploymentBody = Field(default_factory=DeploymentBody)


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
