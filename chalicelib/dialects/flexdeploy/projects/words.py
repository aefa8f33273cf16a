"""Read requests about folders, projects, branches and versions, and show them."""

from collections.abc import Sequence

from chalicelib.dialects.flexdeploy.numbers import id_in, ids_in
from chalicelib.dialects.flexdeploy.projects import shapes
from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.installation.portfolio import ROOT_FOLDER, Branch, Folder, ProjectVersion, ProjectWorkflow
from chalicelib.use_cases.installation.folders import CreateFolder, FolderQuery, folder_of
from chalicelib.use_cases.installation.portfolio import (
    CreateBranch,
    CreateProjectIn,
    CreateVersion,
    PartQuery,
    ProjectQuery,
    UpdateProjectIn,
)


def read_folders(request: Request) -> FolderQuery:
    """Read which folders are asked for. Faults: Invalid."""
    parent = ids_in(request, (), ("parentFolderId",))["parentFolderId"]
    return FolderQuery(origin=request.origin, title=request.query.text("folderName") or "", parent=parent)


def read_folder(request: Request) -> FolderQuery:
    """Read which folder is asked for. Faults: Invalid."""
    return FolderQuery(origin=request.origin, id=id_in(request, "folderId"))


def read_new_folder(request: Request) -> CreateFolder:
    """Read a folder to create. Faults: Invalid."""
    body = request.body(shapes.NewFolderBody)
    return CreateFolder(origin=request.origin, title=body.folder_name, parent=body.parent_folder_id)


def read_projects(request: Request) -> ProjectQuery:
    """Read which projects are asked for. Faults: Invalid."""
    folder = ids_in(request, (), ("folderId",))["folderId"]
    return ProjectQuery(origin=request.origin, title=request.query.text("projectName") or "", folder=folder)


def read_project(request: Request) -> ProjectQuery:
    """Read which project is asked for. Faults: Invalid."""
    return ProjectQuery(origin=request.origin, id=id_in(request, "projectId"))


def read_new_project(request: Request) -> CreateProjectIn:
    """Read a project to create. Faults: Invalid."""
    body = request.body(shapes.NewProjectBody)
    workflows = _workflows(body.project_workflows)
    return CreateProjectIn(origin=request.origin, title=body.project_name, folder=body.folder_id, workflows=workflows)


def read_changed_project(request: Request) -> UpdateProjectIn:
    """Read what is said anew of a project. Faults: Invalid."""
    number, body = id_in(request, "projectId"), request.body(shapes.ProjectInFolderBody)
    return UpdateProjectIn(
        origin=request.origin,
        id=number,
        title=body.project_name,
        folder=body.folder_id,
        workflows=_workflows(body.project_workflows) if body.project_workflows is not None else None,
    )


def read_branches(request: Request) -> PartQuery:
    """Read which branches are asked for. Faults: Invalid."""
    return _parts(request, "branchName")


def read_versions(request: Request) -> PartQuery:
    """Read which versions are asked for. Faults: Invalid."""
    return _parts(request, "projectVersionName")


def read_new_branch(request: Request) -> CreateBranch:
    """Read a branch to create. Faults: Invalid."""
    number, body = id_in(request, "projectId"), request.body(shapes.NewBranchBody)
    return CreateBranch(origin=request.origin, application=number, title=body.branch_name)


def read_new_version(request: Request) -> CreateVersion:
    """Read a version to record. Faults: Invalid."""
    number, body = id_in(request, "projectId"), request.body(shapes.NewVersionBody)
    return CreateVersion(
        origin=request.origin, application=number, title=body.project_version_name, branch=body.project_branch_id
    )


def shown_folder(folder: Folder) -> dict[str, Json]:
    """Show a folder."""
    parent = None if folder.id == ROOT_FOLDER else folder.parent
    return {"folderId": folder.id, "folderName": folder.title, "parentFolderId": parent}


def shown_project(project: Application) -> dict[str, Json]:
    """Show a project."""
    return {
        "projectId": project.id,
        "projectName": project.title,
        "folderId": folder_of(project),
        "isActive": project.is_active,
        "projectWorkflows": [
            {"projectWorkflowType": one.type, "workflowId": one.workflow} for one in project.workflows
        ],
    }


def shown_branch(branch: Branch) -> dict[str, Json]:
    """Show a branch, whose id is read under two names."""
    return {
        "projectBranchId": branch.id,
        "projectStreamId": branch.id,
        "branchName": branch.title,
        "projectId": branch.application,
    }


def shown_version(version: ProjectVersion) -> dict[str, Json]:
    """Show a version of a project."""
    return {
        "projectVersionId": version.id,
        "projectVersionName": version.title,
        "projectId": version.application,
        "projectStreamId": version.branch,
    }


def _workflows(given: Sequence[shapes.ProjectWorkflowBody]) -> tuple[ProjectWorkflow, ...]:
    return tuple(ProjectWorkflow(type=one.project_workflow_type, workflow=one.workflow_id) for one in given)


def _parts(request: Request, name: str) -> PartQuery:
    number = id_in(request, "projectId")
    return PartQuery(origin=request.origin, application=number, title=request.query.text(name) or "")
