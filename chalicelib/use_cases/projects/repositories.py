"""Git repositories of a project and their credentials."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_build import Source, source_defects
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.installation.entries import GitRepository
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.projects.project import Repository
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets, updated_reference
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats import git_address
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.git_address import has_same_credentials

LONGEST_URL = 2000

Record = TypeVar("Record", Repository, GitRepository)


@frozen
class SaveRepository:
    """Create a repository or replace its settings. url: may contain user and password, which are stored apart.

    private_key: None keeps the stored one. password: likewise, if host and user stay the same; else whoever may change
    a URL could have the password sent to a host of their own.
    """

    origin: Origin
    project: str
    name: str
    url: str
    branch: str = ""
    username: str = ""
    private_key: str | None = None
    password: str | None = None
    unreadable: UnreadableFields = NOTHING_UNREADABLE

    def __repr__(self) -> str:
        return f"SaveRepository(name={self.name!r})"


@frozen
class RepositoryNamed:
    """A repository, to be removed."""

    origin: Origin
    project: str
    name: str


def create_repository(ports: Ports, command: SaveRepository) -> Repository:
    """Create a repository. Faults: Invalid with every defect, NotFound, Conflict."""
    ports.projects.project(command.project)
    command = without_credentials(command, names.repository(command.name))
    entry = _entry(command, "added-repository")
    if (known := ports.projects.find_repository(command.project, command.name)) is not None:
        return _created_before(ports, known, entry)
    repository = _with(ports, Repository(project=command.project, name=command.name, url=command.url), command)
    return ports.projects.create_repository(repository, entry)


def update_repository(ports: Ports, command: SaveRepository) -> Repository:
    """Replace a repository's settings and return it. Faults: Invalid, NotFound, Stale."""
    split = without_credentials(command)
    return retry_on_conflict(ports, lambda: _save(ports, split), since=command.origin.at)


def _save(ports: Ports, command: SaveRepository) -> Repository:
    before = ports.projects.repository(command.project, command.name)
    return ports.projects.save_repository(_with(ports, before, command), _entry(command, "changed-repository"))


def list_repositories(ports: Ports, project: str) -> Sequence[Repository]:
    """List the repositories of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.projects.repositories(project)


def remove_repository(ports: Ports, command: RepositoryNamed) -> None:
    """Remove a repository and its secrets. Faults: NotFound."""
    repository = ports.projects.repository(command.project, command.name)
    delete_secrets(ports, (repository.private_key, repository.password))
    ports.projects.remove_repository(repository, _entry(command, "removed-repository"))


def _created_before(ports: Ports, known: Repository, entry: AuditEntry) -> Repository:
    """Return the existing repository if this same request created it; a refused request must not touch another's
    secrets.
    """
    if not was_done(ports, entry):
        raise Conflict(f"repository {known.name} exists already in project {known.project}")
    return known


def without_credentials(command: SaveRepository, more: tuple[Defect, ...] = ()) -> SaveRepository:
    """Move user and password out of the URL into their fields. Faults: Invalid with every defect."""
    found = (*more, *_url_defects(command.url), *source_defects(Source(url=command.url, branch=command.branch)))
    if defects := command.unreadable.with_others(found):
        raise Invalid(defects)
    address = git_address.parted(command.url)
    given = (("username", command.username, address.username), ("password", command.password, address.password))
    conflicting = [path for path, own, in_url in given if own and in_url and own != in_url]
    if conflicting:
        raise Invalid(tuple(Defect(path, "differs from what url says") for path in conflicting))
    password = address.password or command.password
    return replace(command, url=address.url, username=address.username or command.username, password=password)


def _url_defects(url: str) -> tuple[Defect, ...]:
    if not url.strip():
        return (Defect("url", "is required"),)
    if len(url) > LONGEST_URL or not url.isprintable() or url.startswith("-"):
        return (Defect("url", f"should be an address of at most {LONGEST_URL} characters"),)
    return git_address.parted_defects(url, "url")


def _with(ports: Ports, repository: Repository, command: SaveRepository) -> Repository:
    return with_settings(ports, repository, command, f"projects/{command.project}/repositories/{command.name}")


def with_settings(ports: Ports, repository: Record, command: SaveRepository, place: str) -> Record:
    """Return a repository with the settings of a command, its secrets stored. place: of these."""
    is_same = has_same_credentials(repository.url, command.url) and repository.username == command.username
    password = command.password if command.password is not None or is_same else ""
    return replace(
        repository,
        url=command.url,
        branch=command.branch,
        username=command.username,
        private_key=updated_reference(ports, f"{place}/private_key", command.private_key, repository.private_key),
        password=updated_reference(ports, f"{place}/password", password, repository.password),
    )


def _entry(command: SaveRepository | RepositoryNamed, act: str) -> AuditEntry:
    return entry_of(
        command.origin, AuditAction(act=act, subject=f"{command.project}/{command.name}", project=command.project)
    )
