"""Rows of registered repositories, which the Deploy API reads."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.repositories import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import ADMIN, AUTHENTICATED
from chalicelib.use_cases.installation.git_repositories import (
    create_or_update_git_repository,
    get_git_repository,
    list_git_repositories,
    remove_git_repository,
)

GROUP = Group(PLATFORM, "Repositories")
REPOSITORIES = "/api/v1/repositories"
REPOSITORY = f"{REPOSITORIES}/{{name}}"

OPERATIONS = (
    GROUP.operation(
        f"GET {REPOSITORIES}",
        "The registered repositories that a project of the caller's may use, by name.",
        AUTHENTICATED,
        Handling(words.read_caller, list_git_repositories, words.show_repositories),
        schema=Schema(answer=shapes.GitRepositoriesShape),
    ),
    GROUP.operation(
        f"GET {REPOSITORY}",
        "A registered repository.",
        AUTHENTICATED,
        Handling(words.read_named, get_git_repository, words.show_repository),
        schema=Schema(answer=shapes.GitRepositoryShape),
    ),
    GROUP.operation(
        f"PUT {REPOSITORY}",
        "Register a repository, or replace what is known of it, and say which projects may use it.",
        ADMIN,
        Handling(words.read_saved, create_or_update_git_repository, words.show_repository),
        schema=Schema(body=shapes.GitRepositoryBody, answer=shapes.GitRepositoryShape),
    ),
    GROUP.operation(
        f"DELETE {REPOSITORY}",
        "Remove a registered repository and its credentials.",
        ADMIN,
        Handling(words.read_named, remove_git_repository, words.show_removed),
        schema=Schema(status=204),
    ),
)
