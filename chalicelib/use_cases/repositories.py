"""Repositories of a project: where code is pulled from, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel import names
from chalicelib.kernel.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, Defect, Invalid, NotFound
from chalicelib.kernel.project import Repository
from chalicelib.use_cases.insist import insist
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.write_audit import Deed, Origin, entry_of, was_done

LONGEST_URL = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRepository:
    """Make a repository known, or say anew what it is. private_key: nothing leaves the one that is kept."""

    origin: Origin
    project: str
    name: str
    url: str
    branch: str = ""
    username: str = ""
    private_key: str | None = None
    password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryNamed:
    """A repository, to be removed."""

    origin: Origin
    project: str
    name: str


def add_repository(ports: Ports, ask: SaveRepository) -> Repository:
    """The new repository. Faults: Invalid with every defect, NotFound, Conflict."""
    ports.projects.project(ask.project)
    if defects := (*names.repository(ask.name), *_defects(ask)):
        raise Invalid(defects)
    entry = _entry(ask, "added-repository")
    if (known := _known(ports, ask)) is not None:
        return _made_before(ports, known, entry)
    repository = _with(ports, Repository(project=ask.project, name=ask.name, url=ask.url), ask)
    return ports.projects.create_repository(repository, entry)


def save_repository(ports: Ports, ask: SaveRepository) -> Repository:
    """The repository as it is now. Faults: Invalid, NotFound, Stale."""
    if defects := tuple(_defects(ask)):
        raise Invalid(defects)
    return insist(ports, lambda: _save(ports, ask))


def _save(ports: Ports, ask: SaveRepository) -> Repository:
    before = ports.projects.repository(ask.project, ask.name)
    return ports.projects.save_repository(_with(ports, before, ask), _entry(ask, "changed-repository"))


def list_repositories(ports: Ports, project: str) -> Sequence[Repository]:
    """The repositories of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.projects.repositories(project)


def remove_repository(ports: Ports, ask: RepositoryNamed) -> None:
    """The repository and its secrets are gone. Faults: NotFound."""
    repository = ports.projects.repository(ask.project, ask.name)
    for reference in (repository.private_key, repository.password):
        if reference:
            # First: the record names them, so that an ask that broke off can be repeated.
            ports.secrets.delete(reference)
    ports.projects.remove_repository(repository, _entry(ask, "removed-repository"))


def _known(ports: Ports, ask: SaveRepository) -> Repository | None:
    try:
        return ports.projects.repository(ask.project, ask.name)
    except NotFound:
        return None


def _made_before(ports: Ports, known: Repository, entry: AuditEntry) -> Repository:
    """The one of that name, if this ask made it: one that is refused must not reach the secrets of another's."""
    if not was_done(ports, entry):
        raise Conflict(f"repository {known.name} exists already in project {known.project}")
    return known


def _defects(ask: SaveRepository) -> Sequence[Defect]:
    if not ask.url.strip():
        return (Defect("url", "is required"),)
    if len(ask.url) > LONGEST_URL or not ask.url.isprintable() or ask.url.startswith("-"):
        return (Defect("url", f"should be an address of at most {LONGEST_URL} characters"),)
    return ()


def _with(ports: Ports, repository: Repository, ask: SaveRepository) -> Repository:
    place = f"projects/{ask.project}/repositories/{ask.name}"
    key, password = repository.private_key, ""
    if ask.private_key is not None:
        key = ports.secrets.put(f"{place}/private_key", ask.private_key) if ask.private_key else ""
    if ask.password:
        password = ports.secrets.put(f"{place}/password", ask.password)
    return replace(
        repository,
        url=ask.url,
        branch=ask.branch,
        username=ask.username,
        private_key=key,
        password=password,
    )


def _entry(ask: SaveRepository | RepositoryNamed, act: str) -> AuditEntry:
    return entry_of(ask.origin, Deed(act=act, subject=f"{ask.project}/{ask.name}", project=ask.project))
