"""Shapes of the execution of a snapshot, and of its query. Every key is always there, null where it does not apply."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.flexdeploy.requests.shapes import MOST, CodedValueBody
from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.http.answers.explanation import ExplanationShape
from chalicelib.kernel.integer_ids import LARGEST


class ExecutionQueryShape(CamelShape):
    """By what stages are filtered. gate_name, step_name: none, where no stage has reached one of that name."""

    environment_id: int | None = None
    gate_name: str = ""
    step_name: str = ""
    explain: bool = False


class GateExecutionShape(CamelShape):
    """A gate that was reached."""

    gate_name: str
    gate_type: str
    gate_status: str
    gate_description: str | None
    cron_expression: str | None
    role_name: str | None
    gate_order: float


class StepExecutionShape(CamelShape):
    """A step that has begun. wait_duration: in seconds. wait_until_date: milliseconds since 1970."""

    step_name: str
    step_type: str
    step_status: str
    step_description: str | None
    wait_duration: int | None
    role_name: str | None
    cron_expression: str | None
    wait_until_date: int | None
    step_order: float


class StageExecutionShape(CamelShape):
    """The latest execution of a stage."""

    environment_id: int | None
    environment_code: str
    stage_execution_status: str
    environment_name: str
    current_gate_name: str | None
    current_step_name: str | None
    stage_execution_id: int
    step_executions: list[StepExecutionShape]
    environment_sort_order: int
    gate_executions: list[GateExecutionShape]


class SnapshotExecutionShape(CamelShape):
    """The execution of a snapshot. explain: if that was asked for."""

    pipeline_execution_id: int
    snapshot_id: int
    pipeline_execution_status: str
    pipeline_stage_executions: list[StageExecutionShape]
    explain: ExplanationShape | None = None


class StageActBody(LenientCamelShape):
    """What is done to a stage."""

    action: Literal["replay", "abort", "deploy"]
    notes: str = ""


class NodeActBody(LenientCamelShape):
    """What is decided about a gate or step."""

    action: Literal["approve", "reject", "override"]
    notes: str = ""


class TicketShape(LenientCamelShape):
    """A ticket of another system."""

    external_system_type: str = Field(min_length=1, max_length=200)
    external_id: str = Field(min_length=1, max_length=200)


class ProjectInfoBody(LenientCamelShape):
    """What is said of a project in a stage. action: null for the usual."""

    project_id: int = Field(le=LARGEST)
    inputs: list[CodedValueBody] = Field(default=[], max_length=MOST)
    tickets: list[TicketShape] = Field(default=[], max_length=MOST)
    action: Literal["force", "skip"] | None = None


class StageInfoBody(LenientCamelShape):
    """What is to be known of a stage before it begins. tickets: of the whole stage."""

    tickets: list[TicketShape] = Field(default=[], max_length=MOST)
    projects: list[ProjectInfoBody] = Field(default=[], max_length=MOST)


class StageInfoShape(StageInfoBody):
    """What is known of a stage."""

    environment_id: int


class TestSetBody(LenientCamelShape):
    """The results of a test set. projectId: the project that was tested."""

    __test__ = False

    project_id: int | None = Field(default=None, le=LARGEST)
    test_set_name: str = Field(min_length=1, max_length=200)
    passed: int = Field(ge=0, le=LARGEST)
    failed: int = Field(ge=0, le=LARGEST)
    skipped: int = Field(default=0, ge=0, le=LARGEST)
