"""Rows about projects, their repositories and namespaces."""

from chalicelib.dialects.state import shapes as shapes_removal
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.environments import words as words_removal
from chalicelib.dialects.state.projects import shapes, words
from chalicelib.dialects.state.projects import words as project_words
from chalicelib.dialects.state.words import read_asker, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_OWNER, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.projects.namespaces import add_namespace, list_namespaces
from chalicelib.use_cases.projects.projects import (
    add_project,
    list_by_group,
    list_projects,
    save_project,
    see_logo,
    see_project,
)
from chalicelib.use_cases.projects.repositories import (
    add_repository,
    list_repositories,
    remove_repository,
    save_repository,
)
from chalicelib.use_cases.removal.project import remove_project

PROJECTS = "Projects"
REPOSITORIES = "Repositories"
NAMESPACES = "Project Namespaces"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})

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
        "GET /api/v1/state/__get_projects_by_group",
        read=words.read_by_group,
        verb=list_by_group,
        show=words.show_by_group,
        permission=AUTHENTICATED,
        about=About(
            group=PROJECTS,
            summary="The projects that the caller may read, by group and name; `?group=` asks for one group.",
            answer=dict[str, dict[str, shapes.ProjectShape]],
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
        "DELETE /api/v1/state/{project}/",
        read=project_words.read_remove_project,
        verb=remove_project,
        show=words_removal.show_removed,
        permission=PROJECT_OWNER,
        about=About(
            group=PROJECTS,
            summary="Remove a project with everything in it; where that is not complete, asking again goes on.",
            answer=shapes_removal.RemovedShape,
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/logo",
        read=words.read_project_name,
        verb=see_logo,
        show=words.show_logo,
        permission=PROJECT_READ,
        about=About(
            group=PROJECTS, summary="A project's logo, as the image that it is.", answer=bytes, media="image/*"
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
            summary="Say anew what a repository is; a key left out stays, a password for the same host and user.",
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
