"""Projects as FlexDeploy's clients make and find them: applications in folders, with workflows, branches and versions.

What the caller may not read is answered like what is not there.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Worded
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.installation.portfolio import (
    MAIN,
    Branch,
    ProjectVersion,
    ProjectWorkflow,
    Workflow,
    branch_handle,
    version_handle,
)
from chalicelib.kernel.trains.numbering import number_defects
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import (
    CreateApplication,
    UpdateApplication,
    create_application,
    find_application,
    list_applications,
    update_application,
)
from chalicelib.use_cases.installation.folders import folder_of, require_folder
from chalicelib.use_cases.installation.saving import checked_title, create_entry, update_entry
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class CreateProjectIn:
    """Create a project in a folder."""

    origin: Origin
    title: str
    folder: int
    workflows: tuple[ProjectWorkflow, ...] = ()


@frozen
class UpdateProjectIn:
    """Change a project. What is None stays as it is. folder: an id."""

    origin: Origin
    id: int
    title: str | None = None
    folder: int | None = None
    workflows: tuple[ProjectWorkflow, ...] | None = None


@frozen
class ProjectQuery:
    """Query: projects. id: that one. title: a part of it. folder: the id of the one around them, None for any."""

    origin: Origin
    id: int | None = None
    title: str = ""
    folder: int | None = None


@frozen
class PartQuery:
    """Query: branches or versions of a project. title: a part of it."""

    origin: Origin
    application: int
    title: str = ""


@frozen
class CreateBranch:
    """Create a branch of a project."""

    origin: Origin
    application: int
    title: str


@frozen
class CreateVersion:
    """Record a version of a project that was built elsewhere. branch: an id; None for the main one."""

    origin: Origin
    application: int
    title: str
    branch: int | None = None


def create_project_in(ports: Ports, command: CreateProjectIn) -> Application:
    """Create a project in a folder. Faults: Invalid with every defect, Forbidden, Conflict if its title is taken."""
    require_folder(ports, command.folder, "folderId")
    if defects := (*number_defects(command.title, "projectName"), *_workflow_defects(ports, command.workflows)):
        raise Invalid(defects)
    create = CreateApplication(
        origin=command.origin, title=command.title, folder=command.folder, workflows=command.workflows
    )
    return create_application(ports, create)


def update_project_in(ports: Ports, command: UpdateProjectIn) -> Application:
    """Change a project. Faults: Invalid with every defect, NotFound, Forbidden, Conflict if its title is taken."""
    before = application_for(ports, command.origin, command.id, Level.OWNER)
    titled = number_defects(command.title, "projectName") if command.title is not None else ()
    if defects := (*titled, *_workflow_defects(ports, command.workflows or ())):
        raise Invalid(defects)
    if command.folder is not None:
        require_folder(ports, command.folder, "folderId")
    moved = update_entry(ports, command.origin, before, lambda one: _changed(one, command), act="moved")
    if command.title is None:
        return moved
    return update_application(ports, UpdateApplication(origin=command.origin, id=command.id, title=command.title))


def list_projects_in(ports: Ports, query: ProjectQuery) -> Sequence[Application]:
    """List projects by folder and a part of their titles, exact ones first."""
    every = list_applications(ports, query.origin)
    found = (one for one in every if query.folder in (None, folder_of(one)))
    return matching(found, query.title, lambda one: one.title)


def get_project_in(ports: Ports, query: ProjectQuery) -> Application:
    """Return the project of an id. Faults: NotFound."""
    return application_for(ports, query.origin, query.id or 0)


def application_for(ports: Ports, origin: Origin, number: int, level: Level = Level.READ) -> Application:
    """Return the application of an id, if the caller has the level in its project. Faults: NotFound, Forbidden."""
    found = find_application(ports, origin, number)
    if found is None:
        raise NotFound(Worded("no application {}", number))
    require(origin.by, level, found.project, missing=Worded("no application {}", number))
    return found


def create_branch(ports: Ports, command: CreateBranch) -> Branch:
    """Create a branch. Faults: Invalid, NotFound, Forbidden, Conflict if there is one of its title."""
    application_for(ports, command.origin, command.application, Level.WRITE)
    title = checked_title(command.title, "branchName")
    branch = Branch(id=ports.numbers.following_id("branch"), title=title, application=command.application)
    return create_entry(ports, command.origin, branch)


def list_branches(ports: Ports, query: PartQuery) -> Sequence[Branch]:
    """List the branches of a project by a part of their titles. Faults: NotFound."""
    application = application_for(ports, query.origin, query.application)
    ensure_main(ports, query.origin, application)
    branches = ports.installation.with_handles(Branch, branch_handle(application.id))
    return matching(branches, query.title, lambda one: one.title)


def ensure_main(ports: Ports, origin: Origin, application: Application) -> Branch:
    """Return the main branch of a project, which is made when it is first looked for."""
    handle = branch_handle(application.id, MAIN)
    known = ports.installation.find_by(Branch, handle)
    if known is None:
        branch = Branch(id=ports.numbers.following_id("branch"), title=MAIN, application=application.id)
        with suppress(Conflict):  # somebody else was faster
            return create_entry(ports, origin, branch)
        known = ports.installation.find_by(Branch, handle)
    if known is None:
        raise NotFound(Worded("no branch {} in application {}", MAIN, application.id))
    return known


def branch_of(ports: Ports, origin: Origin, application: Application, number: int | None) -> Branch:
    """Return a branch of a project; the main one for None. Faults: Invalid."""
    if number is None:
        return ensure_main(ports, origin, application)
    found = ports.installation.find(Branch, number)
    if found is None or found.application != application.id:
        raise Invalid.single("projectBranchId", f"no branch {number} in project {application.id}")
    return found


def create_version(ports: Ports, command: CreateVersion) -> ProjectVersion:
    """Record a version. Faults: Invalid, NotFound, Forbidden, Conflict if there is one of its title."""
    application = application_for(ports, command.origin, command.application, Level.WRITE)
    branch = branch_of(ports, command.origin, application, command.branch)
    version = ProjectVersion(
        id=ports.numbers.following_id("version"),
        title=checked_title(command.title, "projectVersionName"),
        application=application.id,
        branch=branch.id,
    )
    return create_entry(ports, command.origin, version)


def list_versions(ports: Ports, query: PartQuery) -> Sequence[ProjectVersion]:
    """List the versions of a project by a part of their titles. Faults: NotFound."""
    application = application_for(ports, query.origin, query.application)
    versions = ports.installation.with_handles(ProjectVersion, version_handle(application.id))
    return matching(versions, query.title, lambda one: one.title)


def parts_of(ports: Ports, application: int) -> Sequence[Branch | ProjectVersion]:
    """List all branches and versions of an application, which go with it."""
    branches = ports.installation.with_handles(Branch, branch_handle(application))
    return [*branches, *ports.installation.with_handles(ProjectVersion, version_handle(application))]


def _changed(one: Application, command: UpdateProjectIn) -> Application:
    return replace(
        one,
        folder=one.folder if command.folder is None else command.folder,
        workflows=one.workflows if command.workflows is None else command.workflows,
    )


def _workflow_defects(ports: Ports, workflows: Sequence[ProjectWorkflow]) -> Iterator[Defect]:
    types = [one.type for one in workflows]
    for place, one in enumerate(workflows):
        path, found = f"projectWorkflows[{place}]", ports.installation.find(Workflow, one.workflow)
        if types.index(one.type) < place:
            yield Defect(f"{path}.projectWorkflowType", "is there twice")
        if found is None:
            yield Defect(f"{path}.workflowId", f"no workflow {one.workflow}")
        elif found.type is not one.type:
            yield Defect(f"{path}.workflowId", f"is a workflow of type {found.type}")
