"""How projects, environments, repositories and namespaces are asked about and shown."""

from collections.abc import Mapping, Sequence

from chalicelib.dialects.state.environments.words import _shown_environment
from chalicelib.dialects.state.projects import shapes
from chalicelib.dialects.state.words import other_name
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
    """Which project is asked for."""
    return ProjectNamed(by=request.asker, name=request.parameters["project"])


def read_project_name(request: Request) -> str:
    """The name of the project that is asked for."""
    return request.parameters["project"]


def read_by_group(request: Request) -> ProjectsByGroup:
    """Of which group projects are asked for: of all where none is named."""
    return ProjectsByGroup(by=request.asker, group=request.query.text("group") or "")


def read_save_project(request: Request) -> SaveProject:
    """What a project is to be. Faults: Invalid."""
    name = request.parameters["project"]
    body, unreadable = read_in_part(shapes.ProjectBody, request.content.strip() or b"{}")
    settings = ProjectSettings(
        description=body.description,
        org_url=body.org_url,
        logo=body.logo,
        groups=tuple(dict.fromkeys(body.groups or ())),
        unreadable=other_name(unreadable, body.name, name),
    )
    return SaveProject(origin=request.origin, name=name, settings=settings)


def read_new_repository(request: Request) -> SaveRepository:
    """A repository to be made known. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, body.name, unreadable)


def read_save_repository(request: Request) -> SaveRepository:
    """What a repository is to be. Faults: Invalid."""
    name = request.parameters["name"]
    body, unreadable = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, name, other_name(unreadable, body.name, name))


def read_repository(request: Request) -> RepositoryNamed:
    """Which repository is meant."""
    return RepositoryNamed(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["name"]
    )


def read_new_namespace(request: Request) -> CreateNamespace:
    """A namespace to be made. Faults: Invalid."""
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
    """Whose namespaces are asked for: the project's in the address, else all that the asker may see."""
    return NamespacesOf(by=request.asker, project=request.parameters.get("project", ""))


def show_project(seen: ProjectView) -> Reply:
    """A project with its environments in short."""
    environments = {one.environment.name: _shown_environment(one) for one in seen.environments}
    return json_reply({**_shown_project(seen), "environments": environments})


def show_projects(seen: Sequence[ProjectView]) -> Reply:
    """Projects by name."""
    return json_reply({one.project.name: _shown_project(one) for one in seen})


def show_by_group(found: Mapping[str, Sequence[ProjectView]]) -> Reply:
    """Projects by group and name."""
    return json_reply({group: {one.project.name: _shown_project(one) for one in seen} for group, seen in found.items()})


def show_logo(image: Image) -> Reply:
    """The image's bytes. What it holds besides a picture is kept from running: an SVG can hold scripts."""
    # API Gateway takes bytes of the types alone that it knows as binary; an SVG is text.
    body = image.content.decode() if image.type is ImageType.SVG else image.content
    return Reply(headers={"Content-Type": image.type.value, "Content-Security-Policy": LOGO_POLICY}, body=body)


def show_repositories(repositories: Sequence[Repository]) -> Reply:
    """Repositories by name, without their secrets."""
    return json_reply({one.name: _shown_repository(one) for one in repositories})


def show_namespaces(seen: Sequence[NamespaceView]) -> Reply:
    """Namespaces by name."""
    entries: dict[str, Json] = {
        one.namespace.name: {
            "name": one.namespace.name,
            "description": one.namespace.description,
            "org_url": one.namespace.org_url,
            "logo": one.namespace.logo,
            "project": one.namespace.project,
            "permission": one.level.value if one.level is not None else None,
        }
        for one in seen
    }
    return json_reply({"namespaces": entries})


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


def _shown_project(seen: ProjectView) -> dict[str, Json]:
    project, level = seen.project, level_in(seen.by, seen.project.name)
    return {
        "name": project.name,
        "description": project.description,
        "org_url": project.org_url,
        "logo": project.logo,
        "permission": level.value if level is not None else None,
        "groups": list(project.groups),
        "environment_order": list(project.environments),
    }


def _shown_repository(repository: Repository) -> dict[str, Json]:
    return {
        "name": repository.name,
        "url": repository.url,
        "branch": repository.branch,
        "username": repository.username,
    }


def read_remove_project(request: Request) -> RemoveProject:
    """Which project is to go."""
    return RemoveProject(origin=request.origin, name=request.parameters["project"])
