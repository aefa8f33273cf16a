"""What FlexDeploy's clients do: make environments, folders, workflows, projects; look at where a snapshot is."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.installation.entries import Application, place_handle
from chalicelib.kernel.installation.portfolio import ProjectVersion, ProjectWorkflow, WorkflowType
from chalicelib.use_cases.definitions.workflow_requests import (
    CreateRequest,
    RequestQuery,
    create_request,
    get_request,
)
from chalicelib.use_cases.installation.environments import EnvironmentQuery, find_environment_titled
from chalicelib.use_cases.installation.folders import CreateFolder, FolderQuery, create_folder, get_folder, list_folders
from chalicelib.use_cases.installation.numbered_environments import (
    CreateEnvironment,
    UpdateEnvironment,
    create_environment_entry,
    remove_environment_entry,
    update_environment_entry,
)
from chalicelib.use_cases.installation.portfolio import (
    CreateBranch,
    CreateProjectIn,
    CreateVersion,
    PartQuery,
    ProjectQuery,
    UpdateProjectIn,
    create_branch,
    create_project_in,
    create_version,
    list_branches,
    list_projects_in,
    update_project_in,
)
from chalicelib.use_cases.installation.workflows import CreateWorkflow, create_workflow
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.travel.executions import ExecutionQuery, get_execution
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.releases import deployed
from tests.crash.stories.story import GONE, ROOT, Story, an_origin, asking

ASKED = an_origin()
QA = CreateEnvironment(origin=GIVEN, title="Quality", code="QA")
BUILDS = CreateWorkflow(origin=ASKED, title="build", type=WorkflowType.BUILD, versions=("1.0",), script="echo 1")


def web(ports: Ports) -> int:
    """The id of the project's application."""
    known = ports.installation.find_by(Application, place_handle("web", "web"))
    return known.id if known is not None else 7


def in_portfolio(house: CrashHouse, ports: Ports) -> None:
    """A project that has its application."""
    a_project(house, ports)
    list_projects_in(ports, ProjectQuery(origin=GIVEN))


def with_workflow(house: CrashHouse, ports: Ports) -> None:
    """A project that has a workflow by which it is built."""
    in_portfolio(house, ports)
    made = create_workflow(ports, replace(BUILDS, origin=GIVEN))
    workflows = (ProjectWorkflow(type=made.type, workflow=made.id),)
    update_project_in(ports, UpdateProjectIn(origin=GIVEN, id=web(ports), workflows=workflows))


def requested(house: CrashHouse, ports: Ports) -> None:
    """A project whose build was requested."""
    with_workflow(house, ports)
    create_request(ports, CreateRequest(origin=an_origin("build"), type=WorkflowType.BUILD, application=web(ports)))
    house.deliver(ports)


def _request(ports: Ports) -> int:
    (version,) = ports.installation.every(ProjectVersion)
    return ports.numbers.ensure_ids("run", f"{version.run}#request")


def _quality(ports: Ports) -> int:
    known = find_environment_titled(ports, "quality") or find_environment_titled(ports, "better")
    return known.id if known is not None else 7


STORIES: Mapping[str, Story] = {
    "look at the execution of a snapshot": Story(
        before=deployed,
        act=asking(get_execution, ExecutionQuery(by=ROOT, train=10_101, snapshot=10_102)),
        of=(get_execution,),
    ),
    "make an environment with a code": Story(
        act=asking(create_environment_entry, replace(QA, origin=ASKED)), of=(create_environment_entry,)
    ),
    "call an environment otherwise": Story(
        before=asking(create_environment_entry, QA),
        act=lambda _, ports: update_environment_entry(
            ports, UpdateEnvironment(origin=ASKED, id=_quality(ports), title="better", code="Q")
        ),
        of=(update_environment_entry,),
    ),
    "remove an environment by its id": Story(
        before=asking(create_environment_entry, QA),
        act=lambda _, ports: remove_environment_entry(ports, EnvironmentQuery(origin=ASKED, id=_quality(ports))),
        of=(remove_environment_entry,),
        refusals=GONE,
    ),
    "make a folder": Story(act=asking(create_folder, CreateFolder(origin=ASKED, title="shop")), of=(create_folder,)),
    "look for the folder of a project": Story(
        before=a_project,
        act=asking(list_folders, FolderQuery(origin=ASKED)),
        of=(list_folders, get_folder),
    ),
    "make a workflow": Story(act=asking(create_workflow, BUILDS), of=(create_workflow,)),
    "make a project in a folder": Story(
        act=asking(create_project_in, CreateProjectIn(origin=ASKED, title="Cart", folder=99)), of=(create_project_in,)
    ),
    "look for a project by its folder": Story(
        before=a_project,
        act=asking(list_projects_in, ProjectQuery(origin=ASKED)),
        of=(list_projects_in,),
    ),
    "look for the branches of a project": Story(
        before=in_portfolio,
        act=lambda _, ports: list_branches(ports, PartQuery(origin=ASKED, application=web(ports))),
        of=(list_branches,),
    ),
    "move a project to another folder": Story(
        before=in_portfolio,
        act=lambda _, ports: update_project_in(
            ports, UpdateProjectIn(origin=ASKED, id=web(ports), title="Store", folder=99, workflows=())
        ),
        of=(update_project_in,),
    ),
    "build a project": Story(
        before=with_workflow,
        act=lambda _, ports: create_request(
            ports, CreateRequest(origin=ASKED, type=WorkflowType.BUILD, application=web(ports))
        ),
        of=(create_request,),
    ),
    "look at a request for a build": Story(
        before=requested,
        act=lambda _, ports: get_request(ports, RequestQuery(origin=ASKED, id=_request(ports))),
        of=(get_request,),
    ),
    "make a branch": Story(
        before=in_portfolio,
        act=lambda _, ports: create_branch(ports, CreateBranch(origin=ASKED, application=web(ports), title="develop")),
        of=(create_branch,),
    ),
    "record a version": Story(
        before=in_portfolio,
        act=lambda _, ports: create_version(ports, CreateVersion(origin=ASKED, application=web(ports), title="1.0.1")),
        of=(create_version,),
    ),
}
