"""Read requests about projects, repositories and namespaces, and show the answers."""

from collections.abc import Mapping, Sequence

from chalicelib.dialects.state.environments.words import _shown_environment
from chalicelib.dialects.state.projects import shapes
from chalicelib.dialects.state.words import other_name
from chalicelib.http.answers.listed import listed
from chalicelib.http.read_in_part import read_in_part
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import level_in
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.kernel.projects.image import Image, ImageType
from chalicelib.kernel.projects.project import Repository
from chalicelib.use_cases.projects.namespaces import CreateNamespace, NamespacesOf, NamespaceView
from chalicelib.use_cases.projects.projects import (
    ProjectNamed,
    ProjectsByGroup,
    ProjectSettings,
    ProjectView,
    SaveProject,
)
from chalicelib.use_cases.projects.repositories import RepositoryNamed, SaveRepository
from chalicelib.use_cases.removal.project import RemoveProject

LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def read_project(request: Request) -> ProjectNamed:
    """Read which project is requested."""
    return ProjectNamed(by=request.asker, name=request.parameters["project"])


def read_project_name(request: Request) -> str:
    """Return the name of the requested project."""
    return request.parameters["project"]


def read_by_group(request: Request) -> ProjectsByGroup:
    """Read the group whose projects are requested; empty for all."""
    return ProjectsByGroup(by=request.asker, group=request.query.text("group") or "")


def read_save_project(request: Request) -> SaveProject:
    """Read the settings of a project. Faults: Invalid."""
    name = request.parameters["project"]
    body, unreadable = read_in_part(shapes.ProjectBody, request.content.strip() or b"{}")
    settings = ProjectSettings(
        description=body.description,
        org_url=body.org_url,
        logo=body.logo,
        groups=tuple(dict.fromkeys(body.groups or ())),
        max_jobs=body.max_jobs,
        unreadable=other_name(unreadable, body.name, name),
    )
    return SaveProject(origin=request.origin, name=name, settings=settings)


def read_new_repository(request: Request) -> SaveRepository:
    """Read a repository to create. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, body.name, unreadable)


def read_save_repository(request: Request) -> SaveRepository:
    """Read the new settings of a repository. Faults: Invalid."""
    name = request.parameters["name"]
    body, unreadable = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, name, other_name(unreadable, body.name, name))


def read_repository(request: Request) -> RepositoryNamed:
    """Read which repository is requested."""
    return RepositoryNamed(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["name"]
    )


def read_new_namespace(request: Request) -> CreateNamespace:
    """Read a namespace to create. Faults: Invalid."""
    project = request.parameters["project"]
    body, unreadable = request.body_in_part(shapes.NamespaceBody)
    return CreateNamespace(
        origin=request.origin,
        project=project,
        name=body.name,
        description=body.description,
        org_url=body.org_url,
        logo=body.logo,
        unreadable=other_name(unreadable, body.project, project, "project"),
    )


def read_namespaces(request: Request) -> NamespacesOf:
    """Read whose namespaces are requested: the project's in the path, or all visible to the caller."""
    return NamespacesOf(by=request.asker, project=request.parameters.get("project", ""))


def show_project(view: ProjectView) -> Reply:
    """Show a project with summaries of its environments."""
    environments = {one.environment.name: _shown_environment(one) for one in view.environments}
    return json_reply({**_shown_project(view), "environments": environments})


def show_projects(view: Sequence[ProjectView]) -> Reply:
    """Show projects by name."""
    return json_reply(_listed_projects(view))


def show_by_group(found: Mapping[str, Sequence[ProjectView]]) -> Reply:
    """Show projects by group and name."""
    return json_reply({group: _listed_projects(view) for group, view in found.items()})


def show_logo(image: Image) -> Reply:
    """Show the image's bytes, with a policy that stops scripts: an SVG can contain them."""
    # API Gateway accepts bytes only for types configured as binary; an SVG is sent as text.
    body = image.content.decode() if image.type is ImageType.SVG else image.content
    return Reply(headers={"Content-Type": image.type.value, "Content-Security-Policy": LOGO_POLICY}, body=body)


def show_repositories(repositories: Sequence[Repository]) -> Reply:
    """Show repositories by name, without their secrets."""
    return json_reply({one.name: _shown_repository(one) for one in repositories})


def show_namespaces(view: Sequence[NamespaceView]) -> Reply:
    """Show namespaces by name."""
    entries: dict[str, dict[str, Json]] = {
        one.namespace.name: {
            "name": one.namespace.name,
            "description": one.namespace.description,
            "org_url": one.namespace.org_url,
            "logo": one.namespace.logo,
            "project": one.namespace.project,
            "permission": one.level.value if one.level is not None else None,
        }
        for one in view
    }
    return json_reply({"namespaces": {name: listed(entry) for name, entry in entries.items()}})


def _listed_projects(view: Sequence[ProjectView]) -> dict[str, Json]:
    return {one.project.name: listed(_shown_project(one)) for one in view}


def _repository(
    request: Request, body: shapes.RepositoryBody, name: str, unreadable: UnreadableFields
) -> SaveRepository:
    return SaveRepository(
        origin=request.origin,
        project=request.parameters["project"],
        name=name,
        url=body.url,
        branch=body.branch,
        username=body.username,
        private_key=body.private_key,
        password=body.password,
        unreadable=unreadable,
    )


def _shown_project(view: ProjectView) -> dict[str, Json]:
    project, level = view.project, level_in(view.by, view.project.name)
    return {
        "name": project.name,
        "description": project.description,
        "org_url": project.org_url,
        "logo": project.logo,
        "permission": level.value if level is not None else None,
        "groups": list(project.groups),
        "environment_order": list(project.environments),
        **({"max_jobs": project.max_jobs} if project.max_jobs else {}),
        **({"title": project.title} if project.title else {}),
    }


def _shown_repository(repository: Repository) -> dict[str, Json]:
    return {
        "name": repository.name,
        "url": repository.url,
        "branch": repository.branch,
        "username": repository.username,
    }


def read_remove_project(request: Request) -> RemoveProject:
    """Read which project to remove."""
    return RemoveProject(origin=request.origin, name=request.parameters["project"])
