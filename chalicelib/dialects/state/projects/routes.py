"""Rows of projects, their repositories and namespaces."""

from chalicelib.dialects.state import shapes as shapes_removal
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.environments import words as words_removal
from chalicelib.dialects.state.projects import shapes, words
from chalicelib.dialects.state.projects import words as project_words
from chalicelib.dialects.state.words import read_asker, show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_OWNER, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.projects.namespaces import create_namespace, list_namespaces
from chalicelib.use_cases.projects.projects import (
    create_project,
    get_logo,
    get_project,
    list_by_group,
    list_projects,
    update_project,
)
from chalicelib.use_cases.projects.repositories import (
    create_repository,
    list_repositories,
    remove_repository,
    update_repository,
)
from chalicelib.use_cases.removal.project import remove_project

PROJECTS = Group(STATE, "Projects")
REPOSITORIES = Group(STATE, "Repositories")
NAMESPACES = Group(STATE, "Project Namespaces")
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})

OPERATIONS = (
    PROJECTS.operation(
        "GET /api/v1/state/",
        "The projects that the caller may read, by name.",
        AUTHENTICATED,
        Handling(read_asker, list_projects, words.show_projects),
        schema=Schema(answer=dict[str, shapes.ProjectShape]),
    ),
    PROJECTS.operation(
        "GET /api/v1/state/__get_projects_by_group",
        "The projects that the caller may read, by group and name; `?group=` asks for one group.",
        AUTHENTICATED,
        Handling(words.read_by_group, list_by_group, words.show_by_group),
        schema=Schema(query=shapes.GroupQuery, answer=dict[str, dict[str, shapes.ProjectShape]]),
    ),
    PROJECTS.operation(
        "POST /api/v1/state/{project}/add-project",
        "Make a project.",
        PROJECT_OWNER,
        Handling(words.read_save_project, create_project, show_nothing),
        schema=Schema(body=shapes.ProjectBody),
        flags=OPTIONAL,
    ),
    PROJECTS.operation(
        "GET /api/v1/state/{project}/",
        "A project with its environments in short.",
        PROJECT_READ,
        Handling(words.read_project, get_project, words.show_project),
        schema=Schema(answer=shapes.ProjectShape),
    ),
    PROJECTS.operation(
        "PUT /api/v1/state/{project}/",
        "Say anew what a project is.",
        PROJECT_OWNER,
        Handling(words.read_save_project, update_project, show_nothing),
        schema=Schema(body=shapes.ProjectBody),
        flags=OPTIONAL,
    ),
    PROJECTS.operation(
        "DELETE /api/v1/state/{project}/",
        "Remove a project with everything in it; where that is not complete, asking again goes on.",
        PROJECT_OWNER,
        Handling(project_words.read_remove_project, remove_project, words_removal.show_removed),
        schema=Schema(answer=shapes_removal.RemovedShape),
    ),
    PROJECTS.operation(
        "GET /api/v1/state/{project}/logo",
        "A project's logo, as the image that it is.",
        PROJECT_READ,
        Handling(words.read_project_name, get_logo, words.show_logo),
        schema=Schema(answer=bytes, media="image/*"),
    ),
    REPOSITORIES.operation(
        "GET /api/v1/state/{project}/repositories/",
        "A project's repositories by name, without their secrets.",
        PROJECT_READ,
        Handling(words.read_project_name, list_repositories, words.show_repositories),
        schema=Schema(answer=dict[str, shapes.RepositoryShape]),
    ),
    REPOSITORIES.operation(
        "POST /api/v1/state/{project}/repositories/add-repository",
        "Make a repository known.",
        PROJECT_WRITE,
        Handling(words.read_new_repository, create_repository, show_nothing),
        schema=Schema(body=shapes.RepositoryBody),
    ),
    REPOSITORIES.operation(
        "PUT /api/v1/state/{project}/repositories/{name}/",
        "Say anew what a repository is; a key left out stays, a password for the same host and user.",
        PROJECT_WRITE,
        Handling(words.read_save_repository, update_repository, show_nothing),
        schema=Schema(body=shapes.RepositoryBody),
    ),
    REPOSITORIES.operation(
        "DELETE /api/v1/state/{project}/repositories/{name}/",
        "Forget a repository and its secrets.",
        PROJECT_WRITE,
        Handling(words.read_repository, remove_repository, show_nothing),
    ),
    NAMESPACES.operation(
        "GET /api/v1/state/namespaces",
        "The namespaces that the caller may read.",
        AUTHENTICATED,
        Handling(words.read_namespaces, list_namespaces, words.show_namespaces),
        schema=Schema(answer=shapes.NamespacesShape),
    ),
    NAMESPACES.operation(
        "POST /api/v1/state/{project}/add-namespace",
        "Make a namespace that the project owns.",
        PROJECT_WRITE,
        Handling(words.read_new_namespace, create_namespace, show_nothing),
        schema=Schema(body=shapes.NamespaceBody),
    ),
    NAMESPACES.operation(
        "GET /api/v1/state/{project}/namespaces/",
        "A project's namespaces.",
        PROJECT_READ,
        Handling(words.read_namespaces, list_namespaces, words.show_namespaces),
        schema=Schema(answer=shapes.NamespacesShape),
    ),
)
