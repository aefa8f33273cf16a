"""Shapes of pipelines. Fields that the original lacks are optional, and shown only when set."""

from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from chalicelib.dialects.state.builds.shapes import Status
from chalicelib.dialects.state.projects.shapes import Level
from chalicelib.http.shape import Shape
from chalicelib.kernel.definitions.pipeline import GateType, StepType
from chalicelib.kernel.plans.plan import Concurrency, Promotion
from chalicelib.kernel.plans.work import Qualifier

SECONDS = Field(default=None, ge=0, le=10**9)

UpdateVersion = Literal[
    "",
    "dont-update",
    "last-version-in-pipeline",
    "latest-version",
    "version-from-deployment-job",
    "tagged-version",
]
TagVersion = Literal["", "highest-version-in-pipeline", "last-version-in-pipeline", "tagged-version"]


class WindowShape(Shape):
    """A time in which a gate is open: from each fire of a Quartz cron to the next fire of another."""

    opens: str
    closes: str


class GateShape(Shape):
    """A gate: it must open before a phase's steps begin. status and the fields after it: read-only, of executions."""

    name: str = ""
    type: GateType
    description: str = ""
    precondition: str = ""
    team: str = ""
    user: str = ""
    quorum: int = 1
    no_self_approval: bool = False
    expires_after: int | None = SECONDS
    cron: str = ""
    system: str = ""
    ticket: str = ""
    phase: str = ""
    qualifier: Qualifier = Qualifier.ALL_PASSED
    value: float = 0
    windows: list[WindowShape] | None = None
    status: JsonValue = None
    reason: JsonValue = None
    opens_at: JsonValue = None
    confirmation_code: JsonValue = None


class StepShape(Shape):
    """A step of a phase. status and the fields after it: read-only, of executions."""

    application: str = ""
    build: str = ""
    deployment: str = ""
    environment: str = ""
    errand_inputs: dict[str, JsonValue] | None = None
    errand_name: str = ""
    ignore_failure: bool = False
    name: str = ""
    namespace: str = ""
    pipeline: str = ""
    project: str = ""
    tag: str = ""
    tag_tagged_version: str = ""
    tag_version: TagVersion = ""
    team: str = ""
    trigger_pipeline_on_build: bool = False
    trigger_pipeline_on_deploy: bool = False
    type: StepType
    update_version: UpdateVersion = ""
    update_version_deployment: str = ""
    update_version_environment: str = ""
    user: str = ""
    wait_for_pipeline: bool = False
    webhook_url: str = ""
    api_token: bool = False
    attempts: int = 1
    backoff: int | None = SECONDS
    cron: str = ""
    message: str = ""
    needs: list[str] | None = None
    no_network: bool = False
    pool: str = ""
    precondition: str = ""
    run_on_failure: bool = False
    script: str = ""
    seconds: int | None = None
    steps: "list[StepShape] | None" = None
    stop_on_error: bool = True
    subject: str = ""
    timeout: int | None = SECONDS
    to: list[str] | None = None
    until: AwareDatetime | None = None
    status: JsonValue = None
    reason: JsonValue = None
    started_at: JsonValue = None
    finished_at: JsonValue = None
    opens_at: JsonValue = None
    execution_id: JsonValue = None
    confirmation_code: JsonValue = None


class PhaseShape(Shape):
    """A phase of a pipeline; phases run one after another."""

    name: str = ""
    steps: list[StepShape] | None = None
    environment: str = ""
    exclusive: bool = False
    promotion: Promotion = Promotion.AUTOMATIC
    gates: list[GateShape] | None = None
    status: JsonValue = None
    reason: JsonValue = None


class TriggerShape(Shape):
    """A trigger of a pipeline. id: of an existing one; without it, one that is there is kept. webhooktoken: read-only.

    branches: names of branches, in which `*` stands for any characters; all if left out. rotate: give it a new token.
    """

    id: str = ""
    branches: list[str] | None = Field(default=None, max_length=50)
    rotate: bool = False
    type: Literal["webhook"] = "webhook"
    webhooktoken: JsonValue = None


class PipelineBody(Shape):
    """A pipeline. permission, project, status, warnings: read-only. protected: unchanged if left out."""

    name: str = ""
    disabled: bool = False
    phases: list[PhaseShape] | None = None
    service_account_name: str = ""
    triggers: list[TriggerShape] | None = Field(default=None, max_length=50)
    concurrency: Concurrency = Concurrency.PARALLEL
    timezone: str = "UTC"
    protected: bool | None = None
    skip_ci: bool = True
    warnings: JsonValue = None
    permission: JsonValue = None
    project: JsonValue = None
    status: JsonValue = None


class WarningShape(Shape):
    """A warning about a saved pipeline. path: of the field, as in defects."""

    path: str
    message: str


class PipelineShape(Shape):
    """A pipeline, as answered. raft: it stands in a raft, where it is changed. warnings: only after a change."""

    name: str
    project: str
    disabled: bool
    permission: Level | None
    phases: list[PhaseShape]
    service_account_name: str
    status: Status
    triggers: list[TriggerShape]
    concurrency: Concurrency = Concurrency.PARALLEL
    timezone: str = "UTC"
    protected: bool = False
    raft: bool = False
    skip_ci: bool = True
    warnings: list[WarningShape] = []


class TriggerPipelineBody(Shape):
    """A request to start a run."""

    inputs: dict[str, JsonValue] | None = None
