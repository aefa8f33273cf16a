"""Rows about projects, environments, repositories and namespaces."""

from chalicelib.dialects.state import shapes_projects as shapes
from chalicelib.dialects.state import words_deployments
from chalicelib.dialects.state import words_projects as words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words_common import read_asker, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_OWNER, PROJECT_READ, PROJECT_WRITE
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.environments import (
    EnvironmentNamed,
    SeenEnvironment,
    add_environment,
    list_providers,
    save_environment,
    see_environment,
)
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.project_namespaces import add_namespace, list_namespaces
from chalicelib.use_cases.projects import add_project, change_order, list_projects, save_project, see_project
from chalicelib.use_cases.repositories import add_repository, list_repositories, remove_repository, save_repository

PROJECTS = "Projects"
ENVIRONMENTS = "Environments"
REPOSITORIES = "Repositories"
NAMESPACES = "Project Namespaces"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})


def _read_environment(request: Request) -> tuple[EnvironmentNamed, bool]:
    return words.read_environment(request), request.query.flag("full")


def _see_environment(ports: Ports, ask: tuple[EnvironmentNamed, bool]) -> tuple[SeenEnvironment, bool]:
    named, is_full = ask
    return see_environment(ports, named), is_full


def _show_environment(seen: tuple[SeenEnvironment, bool]) -> Reply:
    environment, is_full = seen
    return words_deployments.show_environment_state(environment) if is_full else words.show_environment(environment)


OPERATIONS = (
    operation(
        STATE,
        "GET /api/v1/state/",
        read=read_asker,
        verb=list_projects,
        show=words.show_projects,
        permission=AUTHENTICATED,
        about=About(
            group=PROJECTS,
            summary="The projects that the caller may read, by name.",
            answer=dict[str, shapes.ProjectShape],
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/add-project",
        read=words.read_save_project,
        verb=add_project,
        show=show_nothing,
        permission=PROJECT_OWNER,
        about=About(group=PROJECTS, summary="Make a project.", body=shapes.ProjectBody),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/",
        read=words.read_project,
        verb=see_project,
        show=words.show_project,
        permission=PROJECT_READ,
        about=About(group=PROJECTS, summary="A project with its environments in short.", answer=shapes.ProjectShape),
    ),
    operation(
        STATE,
        "PUT /api/v1/state/{project}/",
        read=words.read_save_project,
        verb=save_project,
        show=show_nothing,
        permission=PROJECT_OWNER,
        about=About(group=PROJECTS, summary="Say anew what a project is.", body=shapes.ProjectBody),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/change-environment-order",
        read=words.read_order,
        verb=change_order,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=ENVIRONMENTS, summary="Put a project's environments in another order.", body=shapes.OrderBody
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/environments/",
        read=words.read_new_environment,
        verb=add_environment,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=ENVIRONMENTS,
            summary="Make an environment, last in the project's order.",
            body=shapes.NewEnvironmentBody,
        ),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/",
        read=_read_environment,
        verb=_see_environment,
        show=_show_environment,
        permission=PROJECT_READ,
        about=About(
            group=ENVIRONMENTS,
            summary="An environment with its deployments in short, or `?full=true` whole, now or `?at=` an instant.",
            answer=shapes.EnvironmentSummary,
        ),
    ),
    operation(
        STATE,
        f"PUT {ENVIRONMENT}/",
        read=words.read_save_environment,
        verb=save_environment,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=ENVIRONMENTS, summary="Say anew what an environment is.", body=shapes.EnvironmentBody),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/providers/",
        read=words.read_environment,
        verb=list_providers,
        show=words.show_providers,
        permission=PROJECT_READ,
        about=About(
            group=ENVIRONMENTS, summary="Which deployments provide each interface.", answer=dict[str, list[str]]
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/repositories/",
        read=words.read_project_name,
        verb=list_repositories,
        show=words.show_repositories,
        permission=PROJECT_READ,
        about=About(
            group=REPOSITORIES,
            summary="A project's repositories by name, without their secrets.",
            answer=dict[str, shapes.RepositoryShape],
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/repositories/add-repository",
        read=words.read_new_repository,
        verb=add_repository,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=REPOSITORIES, summary="Make a repository known.", body=shapes.RepositoryBody),
    ),
    operation(
        STATE,
        "PUT /api/v1/state/{project}/repositories/{name}/",
        read=words.read_save_repository,
        verb=save_repository,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=REPOSITORIES,
            summary="Say anew what a repository is; its private key stays where none is given.",
            body=shapes.RepositoryBody,
        ),
    ),
    operation(
        STATE,
        "DELETE /api/v1/state/{project}/repositories/{name}/",
        read=words.read_repository,
        verb=remove_repository,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=REPOSITORIES, summary="Forget a repository and its secrets."),
    ),
    operation(
        STATE,
        "GET /api/v1/state/namespaces",
        read=words.read_namespaces,
        verb=list_namespaces,
        show=words.show_namespaces,
        permission=AUTHENTICATED,
        about=About(
            group=NAMESPACES, summary="The namespaces that the caller may read.", answer=shapes.NamespacesShape
        ),
    ),
    operation(
        STATE,
        "POST /api/v1/state/{project}/add-namespace",
        read=words.read_new_namespace,
        verb=add_namespace,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=NAMESPACES, summary="Make a namespace that the project owns.", body=shapes.NamespaceBody),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/namespaces/",
        read=words.read_namespaces,
        verb=list_namespaces,
        show=words.show_namespaces,
        permission=PROJECT_READ,
        about=About(group=NAMESPACES, summary="A project's namespaces.", answer=shapes.NamespacesShape),
    ),
)
