"""Rows of folders, projects, branches, versions and workflows."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, bare, items
from chalicelib.dialects.flexdeploy.projects import shapes, words, words_workflows
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.installation.folders import create_folder, get_folder, list_folders
from chalicelib.use_cases.installation.portfolio import (
    create_branch,
    create_project_in,
    create_version,
    get_project_in,
    list_branches,
    list_projects_in,
    list_versions,
    update_project_in,
)
from chalicelib.use_cases.installation.workflows import create_workflow, get_workflow, list_workflows

FOLDERS = Group(FLEXDEPLOY, "Folders")
PROJECTS = Group(FLEXDEPLOY, "Projects")
WORKFLOWS = Group(FLEXDEPLOY, "Workflows")
V2 = f"{PREFIX}/rest/v2"
FOLDER = f"{V2}/folder"
PROJECT = f"{V2}/project"
ONE_PROJECT = f"{PROJECT}/{{projectId}}"
WORKFLOW = f"{PREFIX}/rest/v1/workflows"

_FOLDERS = (
    FOLDERS.operation(
        f"GET {FOLDER}",
        "Folders, by `parentFolderId` and a part of `folderName`; what has just this name comes first.",
        AUTHENTICATED,
        Handling(words.read_folders, list_folders, items(words.shown_folder)),
        schema=Schema(query=shapes.FolderQueryShape, answer=shapes.FolderItems),
    ),
    FOLDERS.operation(
        f"POST {FOLDER}",
        "Create a folder, below the outermost unless `parentFolderId` says otherwise.",
        AUTHENTICATED,
        Handling(words.read_new_folder, create_folder, alone(words.shown_folder)),
        schema=Schema(status=201, body=shapes.NewFolderBody, answer=shapes.FolderShape),
    ),
    FOLDERS.operation(
        f"GET {FOLDER}/{{folderId}}",
        "A folder.",
        AUTHENTICATED,
        Handling(words.read_folder, get_folder, alone(words.shown_folder)),
        schema=Schema(answer=shapes.FolderShape),
    ),
)

_PROJECTS = (
    PROJECTS.operation(
        f"GET {PROJECT}",
        "Projects, by `folderId` and a part of `projectName`; what has just this name comes first.",
        AUTHENTICATED,
        Handling(words.read_projects, list_projects_in, items(words.shown_project)),
        schema=Schema(query=shapes.ProjectQueryShape, answer=shapes.ProjectItems),
    ),
    PROJECTS.operation(
        f"POST {PROJECT}",
        "Create a project in a folder, with its workflows.",
        AUTHENTICATED,
        Handling(words.read_new_project, create_project_in, alone(words.shown_project)),
        schema=Schema(status=201, body=shapes.NewProjectBody, answer=shapes.ProjectInFolderShape),
    ),
    PROJECTS.operation(
        f"GET {ONE_PROJECT}",
        "A project with its workflows.",
        AUTHENTICATED,
        Handling(words.read_project, get_project_in, alone(words.shown_project)),
        schema=Schema(answer=shapes.ProjectInFolderShape),
    ),
    PROJECTS.operation(
        f"PATCH {ONE_PROJECT}",
        "Say anew how a project is called, where it stands, and which workflows it has.",
        AUTHENTICATED,
        Handling(words.read_changed_project, update_project_in, alone(words.shown_project)),
        schema=Schema(body=shapes.ProjectInFolderBody, answer=shapes.ProjectInFolderShape),
    ),
    PROJECTS.operation(
        f"GET {ONE_PROJECT}/branch",
        "Branches of a project, by a part of `branchName`. Each project has `main`.",
        AUTHENTICATED,
        Handling(words.read_branches, list_branches, items(words.shown_branch)),
        schema=Schema(query=shapes.BranchQueryShape, answer=shapes.BranchItems),
    ),
    PROJECTS.operation(
        f"POST {ONE_PROJECT}/branch",
        "Create a branch of a project.",
        AUTHENTICATED,
        Handling(words.read_new_branch, create_branch, alone(words.shown_branch)),
        schema=Schema(status=201, body=shapes.NewBranchBody, answer=shapes.BranchShape),
    ),
    PROJECTS.operation(
        f"GET {ONE_PROJECT}/version",
        "Versions of a project, by a part of `projectVersionName`.",
        AUTHENTICATED,
        Handling(words.read_versions, list_versions, items(words.shown_version)),
        schema=Schema(query=shapes.VersionQueryShape, answer=shapes.VersionItems),
    ),
    PROJECTS.operation(
        f"POST {ONE_PROJECT}/version",
        "Record a version of a project that was built elsewhere.",
        AUTHENTICATED,
        Handling(words.read_new_version, create_version, alone(words.shown_version)),
        schema=Schema(status=201, body=shapes.NewVersionBody, answer=shapes.ProjectVersionShape),
    ),
)

_WORKFLOWS = (
    WORKFLOWS.operation(
        f"GET {WORKFLOW}",
        "Workflows, by a part of `workflowName`; what has just this name comes first.",
        AUTHENTICATED,
        Handling(words_workflows.read_list, list_workflows, bare(words_workflows.shown)),
        schema=Schema(query=shapes.WorkflowQueryShape, answer=list[shapes.WorkflowShape]),
    ),
    WORKFLOWS.operation(
        f"POST {WORKFLOW}",
        "Create a workflow, of version 1.0 unless `workflowVersions` say otherwise.",
        AUTHENTICATED,
        Handling(words_workflows.read_new, create_workflow, alone(words_workflows.shown)),
        schema=Schema(status=201, body=shapes.NewWorkflowBody, answer=shapes.WorkflowShape),
    ),
    *(
        WORKFLOWS.operation(
            f"GET {path}/{{workflowId}}",
            "A workflow with its versions.",
            AUTHENTICATED,
            Handling(words_workflows.read_one, get_workflow, alone(words_workflows.shown)),
            schema=Schema(answer=shapes.WorkflowShape),
        )
        for path in (WORKFLOW, f"{V2}/workflow")
    ),
)

OPERATIONS = (*_FOLDERS, *_PROJECTS, *_WORKFLOWS)
