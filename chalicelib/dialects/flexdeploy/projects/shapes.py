"""Shapes of folders, projects, branches, versions and workflows."""

from pydantic import Field

from chalicelib.dialects.flexdeploy.shapes import CamelShape, LenientCamelShape
from chalicelib.kernel.installation.portfolio import ROOT_FOLDER, WorkflowType
from chalicelib.kernel.integer_ids import LARGEST


class NewFolderBody(LenientCamelShape):
    """A folder to create."""

    folder_name: str
    parent_folder_id: int = Field(default=ROOT_FOLDER, le=LARGEST)


class ProjectWorkflowBody(LenientCamelShape):
    """A workflow that a project has."""

    project_workflow_type: WorkflowType
    workflow_id: int = Field(le=LARGEST)


class NewProjectBody(LenientCamelShape):
    """A project to create."""

    project_name: str
    folder_id: int = Field(le=LARGEST)
    project_workflows: list[ProjectWorkflowBody] = Field(default=[], max_length=20)


class ProjectInFolderBody(LenientCamelShape):
    """What is said anew of a project; what is left out stays."""

    project_name: str | None = None
    folder_id: int | None = Field(default=None, le=LARGEST)
    project_workflows: list[ProjectWorkflowBody] | None = Field(default=None, max_length=20)


class NewBranchBody(LenientCamelShape):
    """A branch to create."""

    branch_name: str


class NewVersionBody(LenientCamelShape):
    """A version that was built elsewhere. projectBranchId: left out for the main branch."""

    project_version_name: str
    project_branch_id: int | None = Field(default=None, le=LARGEST)


class WorkflowVersionBody(LenientCamelShape):
    """A version of a workflow."""

    workflow_version: str


class NewWorkflowBody(LenientCamelShape):
    """A workflow to create. script: what it does, on a runner."""

    workflow_name: str
    workflow_type: WorkflowType
    workflow_versions: list[WorkflowVersionBody] = Field(default=[], max_length=1000)
    script: str = ""


class FolderQueryShape(CamelShape):
    """By what folders are found."""

    folder_name: str = ""
    parent_folder_id: int | None = None


class ProjectQueryShape(CamelShape):
    """By what projects are found."""

    project_name: str = ""
    folder_id: int | None = None


class BranchQueryShape(CamelShape):
    """By what branches are found."""

    branch_name: str = ""


class VersionQueryShape(CamelShape):
    """By what versions are found."""

    project_version_name: str = ""


class WorkflowQueryShape(CamelShape):
    """By what workflows are found."""

    workflow_name: str = ""


class FolderShape(CamelShape):
    """A folder. parentFolderId: null for the outermost."""

    folder_id: int
    folder_name: str
    parent_folder_id: int | None


class FolderItems(CamelShape):
    """A list of folders."""

    items: list[FolderShape]


class ProjectWorkflowShape(CamelShape):
    """A workflow that a project has."""

    project_workflow_type: str
    workflow_id: int


class ProjectInFolderShape(CamelShape):
    """A project."""

    project_id: int
    project_name: str
    folder_id: int
    is_active: bool
    project_workflows: list[ProjectWorkflowShape]


class ProjectItems(CamelShape):
    """A list of projects."""

    items: list[ProjectInFolderShape]


class BranchShape(CamelShape):
    """A branch. projectStreamId: its id under the older name."""

    project_branch_id: int
    project_stream_id: int
    branch_name: str
    project_id: int


class BranchItems(CamelShape):
    """A list of branches."""

    items: list[BranchShape]


class ProjectVersionShape(CamelShape):
    """A version of a project."""

    project_version_id: int
    project_version_name: str
    project_id: int
    project_stream_id: int


class VersionItems(CamelShape):
    """A list of versions."""

    items: list[ProjectVersionShape]


class WorkflowVersionShape(CamelShape):
    """A version of a workflow."""

    workflow_version: str
    workflow_version_id: int


class WorkflowShape(CamelShape):
    """A workflow."""

    workflow_id: int
    workflow_name: str
    workflow_type: str
    workflow_versions: list[WorkflowVersionShape]
