"""How projects, environments, repositories and namespaces are asked about and shown."""

from collections.abc import Mapping, Sequence

from chalicelib.dialects.state import shapes_projects as shapes
from chalicelib.dialects.state.words_common import origin_of, other_name, read_at
from chalicelib.dialects.state.words_deployments import shown_summary
from chalicelib.http.read_in_part import read_in_part
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import level_in
from chalicelib.kernel.partial_read import Misread
from chalicelib.kernel.projects.image import Image, ImageType
from chalicelib.kernel.projects.project import Repository
from chalicelib.use_cases.projects.environments import EnvironmentNamed, SaveEnvironment, SeenEnvironment
from chalicelib.use_cases.projects.namespaces import AddNamespace, NamespacesOf, SeenNamespace
from chalicelib.use_cases.projects.projects import (
    ChangeOrder,
    ProjectNamed,
    ProjectsByGroup,
    ProjectSettings,
    SaveProject,
    SeenProject,
)
from chalicelib.use_cases.projects.repositories import RepositoryNamed, SaveRepository

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
    body, misread = read_in_part(shapes.ProjectBody, request.content.strip() or b"{}")
    settings = ProjectSettings(
        description=body.description,
        org_url=body.org_url,
        logo=body.logo,
        groups=tuple(dict.fromkeys(body.groups or ())),
        misread=other_name(misread, body.name, name),
    )
    return SaveProject(origin=origin_of(request), name=name, settings=settings)


def read_order(request: Request) -> ChangeOrder:
    """The order that environments are to have. Faults: Invalid."""
    body = request.body(shapes.OrderBody)
    return ChangeOrder(origin=origin_of(request), project=request.parameters["project"], order=tuple(body.order))


def read_new_environment(request: Request) -> SaveEnvironment:
    """An environment to be made. Faults: Invalid."""
    body, misread = request.body_in_part(shapes.NewEnvironmentBody)
    return SaveEnvironment(
        origin=origin_of(request),
        project=request.parameters["project"],
        name=body.name,
        description=body.description,
        inputs=body.inputs or {},
        misread=misread,
    )


def read_save_environment(request: Request) -> SaveEnvironment:
    """What an environment is to be. Faults: Invalid."""
    name = request.parameters["environment"]
    body, misread = request.body_in_part(shapes.EnvironmentBody)
    return SaveEnvironment(
        origin=origin_of(request),
        project=request.parameters["project"],
        name=name,
        description=body.description,
        inputs=body.inputs or {},
        misread=other_name(misread, body.name, name),
    )


def read_environment(request: Request) -> EnvironmentNamed:
    """Which environment is asked for, and of when. Faults: Invalid."""
    return EnvironmentNamed(
        project=request.parameters["project"], name=request.parameters["environment"], at=read_at(request)
    )


def read_new_repository(request: Request) -> SaveRepository:
    """A repository to be made known. Faults: Invalid."""
    body, misread = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, body.name, misread)


def read_save_repository(request: Request) -> SaveRepository:
    """What a repository is to be. Faults: Invalid."""
    name = request.parameters["name"]
    body, misread = request.body_in_part(shapes.RepositoryBody)
    return _repository(request, body, name, other_name(misread, body.name, name))


def read_repository(request: Request) -> RepositoryNamed:
    """Which repository is meant."""
    return RepositoryNamed(
        origin=origin_of(request), project=request.parameters["project"], name=request.parameters["name"]
    )


def read_new_namespace(request: Request) -> AddNamespace:
    """A namespace to be made. Faults: Invalid."""
    project = request.parameters["project"]
    body, misread = request.body_in_part(shapes.NamespaceBody)
    return AddNamespace(
        origin=origin_of(request),
        project=project,
        name=body.name,
        description=body.description,
        org_url=body.org_url,
        logo=body.logo,
        misread=other_name(misread, body.project, project, "project"),
    )


def read_namespaces(request: Request) -> NamespacesOf:
    """Whose namespaces are asked for: the project's in the address, else all that the asker may see."""
    return NamespacesOf(by=request.asker, project=request.parameters.get("project", ""))


def show_project(seen: SeenProject) -> Reply:
    """A project with its environments in short."""
    environments = {one.environment.name: _shown_environment(one) for one in seen.environments}
    return json_reply({**_shown_project(seen), "environments": environments})


def show_projects(seen: Sequence[SeenProject]) -> Reply:
    """Projects by name."""
    return json_reply({one.project.name: _shown_project(one) for one in seen})


def show_by_group(found: Mapping[str, Sequence[SeenProject]]) -> Reply:
    """Projects by group and name."""
    return json_reply({group: {one.project.name: _shown_project(one) for one in seen} for group, seen in found.items()})


def show_logo(image: Image) -> Reply:
    """The image's bytes. What it holds besides a picture is kept from running: an SVG can hold scripts."""
    # API Gateway takes bytes of the types alone that it knows as binary; an SVG is text.
    body = image.content.decode() if image.type is ImageType.SVG else image.content
    return Reply(headers={"Content-Type": image.type.value, "Content-Security-Policy": LOGO_POLICY}, body=body)


def show_environment(seen: SeenEnvironment) -> Reply:
    """An environment in short."""
    return json_reply(_shown_environment(seen))


def show_providers(providers: Mapping[str, tuple[str, ...]]) -> Reply:
    """The deployments that provide each interface."""
    return json_reply({interface: list(names) for interface, names in providers.items()})


def show_repositories(repositories: Sequence[Repository]) -> Reply:
    """Repositories by name, without their secrets."""
    return json_reply({one.name: _shown_repository(one) for one in repositories})


def show_namespaces(seen: Sequence[SeenNamespace]) -> Reply:
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


def _repository(request: Request, body: shapes.RepositoryBody, name: str, misread: Misread) -> SaveRepository:
    return SaveRepository(
        origin=origin_of(request),
        project=request.parameters["project"],
        name=name,
        url=body.url,
        branch=body.branch,
        username=body.username,
        private_key=body.private_key,
        password=body.password,
        misread=misread,
    )


def _shown_project(seen: SeenProject) -> dict[str, Json]:
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


def _shown_environment(seen: SeenEnvironment) -> dict[str, Json]:
    inputs: dict[str, Json] = dict(seen.environment.inputs)  # type: ignore[arg-type]  # they were parsed from JSON
    return {
        "name": seen.environment.name,
        "description": seen.environment.description,
        "inputs": inputs,
        "deployments": {state.name: shown_summary(state) for state in seen.deployments},
    }


def _shown_repository(repository: Repository) -> dict[str, Json]:
    return {
        "name": repository.name,
        "url": repository.url,
        "branch": repository.branch,
        "username": repository.username,
    }
