"""Registered git repositories: the only ones that the Deploy API reads, each by the projects that may use it.

Owners of every project register them, for a credential is kept with each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level
from chalicelib.kernel.installation.entries import GitRepository, title_handle
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.code_sources import find_git_repository, missing_git_repository
from chalicelib.use_cases.installation.saving import create_entry, remove_entry, update_entry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.repositories import SaveRepository, with_settings, without_credentials
from chalicelib.use_cases.record_secrets import delete_secrets
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

KIND = "git-repository"
MOST_PROJECTS = 200


@frozen
class SaveGitRepository:
    """Register a repository, or replace what is known of it. projects: those that may use it; `*` for all."""

    settings: SaveRepository
    projects: tuple[str, ...]


@frozen
class GitRepositoryNamed:
    """A registered repository, to be read or removed."""

    origin: Origin
    name: str


@frozen
class GitRepositoryView:
    """A registered repository as the caller may see it. projects: those of its projects that they may read."""

    repository: GitRepository
    projects: tuple[str, ...]


def create_or_update_git_repository(ports: Ports, command: SaveGitRepository) -> GitRepositoryView:
    """Register a repository, or replace what is known of it. Faults: Invalid with every defect, Forbidden, Stale."""
    origin = command.settings.origin
    require_owner_everywhere(origin.by)
    projects = tuple(dict.fromkeys(command.projects))
    defects = (*names.repository(command.settings.name), *_project_defects(ports, projects))
    settings = without_credentials(command.settings, defects)
    before = find_git_repository(ports, settings.name) or create_entry(ports, origin, _new(ports, settings))

    def change(known: GitRepository) -> GitRepository:
        changed = with_settings(ports, known, settings, f"git-repositories/{known.id}")
        return replace(changed, projects=projects)

    return _view(origin.by, update_entry(ports, origin, before, change))


def list_git_repositories(ports: Ports, by: Principal) -> Sequence[GitRepositoryView]:
    """List the registered repositories that a project of the caller's may use, by name."""
    known = ports.installation.every(GitRepository)
    own = (one for one in known if _is_visible(by, one))
    return [_view(by, one) for one in sorted(own, key=lambda one: title_handle(one.title))]


def get_git_repository(ports: Ports, query: GitRepositoryNamed) -> GitRepositoryView:
    """Return a registered repository. Faults: NotFound, also where no project of the caller's may use it."""
    found = find_git_repository(ports, query.name)
    if found is None or not _is_visible(query.origin.by, found):
        raise missing_git_repository(query.name)
    return _view(query.origin.by, found)


def remove_git_repository(ports: Ports, command: GitRepositoryNamed) -> None:
    """Remove a registered repository and its secrets. Faults: Forbidden, NotFound."""
    require_owner_everywhere(command.origin.by)
    known = find_git_repository(ports, command.name)
    if known is None:
        raise missing_git_repository(command.name)
    delete_secrets(ports, (known.private_key, known.password))
    remove_entry(ports, command.origin, known)


def _new(ports: Ports, settings: SaveRepository) -> GitRepository:
    """Return the repository for nobody yet: its projects are said with its credentials, once these are stored."""
    return GitRepository(id=ports.numbers.following_id(KIND), title=settings.name, url=settings.url)


def _view(by: Principal, repository: GitRepository) -> GitRepositoryView:
    projects = (one for one in repository.projects if one == EVERY_PROJECT or may(by, Level.READ, one))
    return GitRepositoryView(repository=repository, projects=tuple(projects))


def _is_visible(by: Principal, repository: GitRepository) -> bool:
    return may(by, Level.READ, EVERY_PROJECT) or bool(_view(by, repository).projects)


def _project_defects(ports: Ports, projects: Iterable[str]) -> Iterator[Defect]:
    for place, name in enumerate(projects):
        if place == MOST_PROJECTS:
            yield Defect("projects", f"are more than {MOST_PROJECTS}")
            return
        if name != EVERY_PROJECT and ports.projects.find_project(name) is None:
            yield Defect(f"projects[{place}]", f"no project {name[:100]}")
