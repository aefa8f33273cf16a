"""Shapes of workflow requests."""

from pydantic import Field

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.kernel.integer_ids import LARGEST

MOST = 1000


class CodedValueBody(LenientCamelShape):
    """An input or field by its code."""

    code: str
    value: str = ""


class WorkflowRequestBody(LenientCamelShape):
    """A workflow to run. projectStreamId: the branch, the main one where it is left out."""

    project_id: int = Field(le=LARGEST)
    environment_id: int | None = Field(default=None, le=LARGEST)
    project_stream_id: int | None = Field(default=None, le=LARGEST)
    package_name: str | None = None
    inputs: list[CodedValueBody] = Field(default=[], max_length=MOST)
    flex_fields: list[CodedValueBody] = Field(default=[], max_length=MOST)


class BuildRequestBody(WorkflowRequestBody):
    """A build of a project. releaseDefId: a release that has the project, and is given a snapshot of what is built."""

    force: bool = False
    release_def_id: int | None = Field(default=None, le=LARGEST)
    workflow_version_override_id: int | None = Field(default=None, le=LARGEST)


class DeployRequestBody(WorkflowRequestBody):
    """A deploy of a version of a project to an environment."""

    environment_id: int = Field(le=LARGEST)
    project_version_id: int = Field(le=LARGEST)
    force_deploy: bool = False


class CodedValueShape(CamelShape):
    """An input or field by its code."""

    code: str
    value: str


class WorkflowRequestShape(CamelShape):
    """A workflow request. requestStatus, workflowRequestStatus: one status under both of its names."""

    workflow_request_id: int
    request_status: str
    workflow_request_status: str
    requested_by: str
    requested_start_time: int
    project_id: int
    project_name: str
    folder_id: int
    folder_name: str
    folder_path: str
    project_stream_id: int
    project_version_id: int
    project_version_name: str | None
    project_workflow_id: int
    environment_id: int | None
    release_definition_id: int | None
    release_snapshot_id: int | None
    package_name: str | None
    workflow_override_version: str | None
    force: bool
    flex_fields: list[CodedValueShape]
    folder_request_id: int | None
    folder_version_id: int | None
    stop_on_package_error: bool
    request_all_files: bool
    exception_to_window: bool
