"""Read requests about registered repositories, and show them without their secrets."""

from collections.abc import Sequence

from chalicelib.dialects.platform.repositories import shapes
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.installation.entries import GitRepository
from chalicelib.use_cases.installation.git_repositories import GitRepositoryNamed, GitRepositoryView, SaveGitRepository
from chalicelib.use_cases.projects.repositories import SaveRepository


def read_caller(request: Request) -> Principal:
    """Return the caller."""
    return request.asker


def read_saved(request: Request) -> SaveGitRepository:
    """Read a repository to register. Faults: Invalid."""
    body = request.body(shapes.GitRepositoryBody)
    settings = SaveRepository(
        origin=request.origin,
        project="",
        name=request.parameters["name"],
        url=body.url,
        branch=body.branch,
        username=body.username,
        private_key=body.private_key,
        password=body.password,
    )
    return SaveGitRepository(settings=settings, projects=tuple(body.projects))


def read_named(request: Request) -> GitRepositoryNamed:
    """Read which repository is requested."""
    return GitRepositoryNamed(origin=request.origin, name=request.parameters["name"])


def show_repository(view: GitRepositoryView) -> Reply:
    """Show a repository without its secrets."""
    return json_reply(_shown(view))


def show_repositories(views: Sequence[GitRepositoryView]) -> Reply:
    """Show repositories without their secrets."""
    return json_reply({"repositories": [_shown(one) for one in views]})


def show_removed(_: None) -> Reply:
    """Show that a repository is gone."""
    return empty_reply(204)


def _shown(view: GitRepositoryView) -> Json:
    known: GitRepository = view.repository
    return {
        "name": known.title,
        "url": known.url,
        "branch": known.branch,
        "username": known.username,
        "has_private_key": bool(known.private_key),
        "has_password": bool(known.password),
        "projects": list(view.projects),
    }
