"""Repositories of a project: where code is pulled from, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel import names
from chalicelib.kernel.faults import Conflict, Defect, Invalid, NotFound
from chalicelib.kernel.project import Repository
from chalicelib.use_cases.insist import insist
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.write_audit import Deed, Origin, write_audit

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
    _refuse_taken(ports, ask)
    repository = _with(ports, Repository(project=ask.project, name=ask.name, url=ask.url), ask)
    ports.projects.create_repository(repository)
    _audit(ports, ask, "added-repository")
    return repository


def save_repository(ports: Ports, ask: SaveRepository) -> Repository:
    """The repository as it is now. Faults: Invalid, NotFound, Stale."""
    if defects := tuple(_defects(ask)):
        raise Invalid(defects)
    saved = insist(ports, lambda: _save(ports, ask))
    _audit(ports, ask, "changed-repository")
    return saved


def _save(ports: Ports, ask: SaveRepository) -> Repository:
    before = ports.projects.repository(ask.project, ask.name)
    return ports.projects.save_repository(_with(ports, before, ask))


def list_repositories(ports: Ports, project: str) -> Sequence[Repository]:
    """The repositories of a project, by name. Faults: NotFound."""
    ports.projects.project(project)
    return ports.projects.repositories(project)


def remove_repository(ports: Ports, ask: RepositoryNamed) -> None:
    """The repository and its secrets are gone. Faults: NotFound."""
    repository = ports.projects.repository(ask.project, ask.name)
    ports.projects.remove_repository(repository)
    for reference in (repository.private_key, repository.password):
        if reference:
            ports.secrets.delete(reference)
    _audit(ports, ask, "removed-repository")


def _refuse_taken(ports: Ports, ask: SaveRepository) -> None:
    """Nothing, unless another has the name: an ask that is refused must not reach the secrets of that one."""
    try:
        known = ports.projects.repository(ask.project, ask.name)
    except NotFound:
        return
    if (known.url, known.branch, known.username) != (ask.url, ask.branch, ask.username):
        raise Conflict(f"repository {ask.name} exists already in project {ask.project}")


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


def _audit(ports: Ports, ask: SaveRepository | RepositoryNamed, act: str) -> None:
    write_audit(ports, ask.origin, Deed(act=act, subject=f"{ask.project}/{ask.name}", project=ask.project))
