"""Shapes of tasks."""

from typing import Literal

from pydantic import Field

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape


class TaskActBody(LenientCamelShape):
    """What is decided about a task."""

    action: Literal["approve", "reject", "claim"]
    notes: str = ""


class TicketActBody(LenientCamelShape):
    """What another system decided about a ticket."""

    action: Literal["approve", "reject"]
    external_system_type: str = Field(min_length=1)
    external_id: str = Field(min_length=1)
    notes: str = ""


class TaskQueryShape(CamelShape):
    """By what tasks are found. Requests of workflows and folders, and external systems by id, have none."""

    workflow_request_id: int | None = None
    folder_request_id: int | None = None
    pipeline_stage_exec_id: int | None = None
    project_id: int | None = None
    application_id: int | None = None
    environment_id: int | None = None
    external_id: str = ""
    external_system_type: str = ""
    external_system_id: int | None = None
    notes: str = ""


class StageTaskShape(CamelShape):
    """A task. gateName, stepName: the one of them that asks. groupName: null where no group is asked."""

    task_id: int
    status: str
    request_type: str
    release_id: int
    release_name: str
    snapshot_id: int
    snapshot_name: str
    pipeline_name: str
    pipeline_stage_exec_id: int
    environment_id: int | None
    environment_name: str
    gate_name: str | None
    step_name: str | None
    description: str | None
    group_name: str | None
    claimed_by: str | None
    decided_by: str | None
    notes: str | None
    external_id: str | None
    external_system_id: int | None
    external_system_type: str | None
    flex_fields: list[str]
    requestor_path: str
    links: list[str]
