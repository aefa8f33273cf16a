"""Find registered git repositories, and where in them something is. Registering them: git_repositories.py."""

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import GitRepository, title_handle
from chalicelib.kernel.workloads.workload import CodeSource
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

BRANCH = "master"
"""The branch that counts where neither whoever asks nor the registered repository names one."""


@frozen
class SourcePlace:
    """A directory of a registered repository. branch: empty for the repository's own."""

    repository: str
    directory: str
    branch: str = ""


def find_git_repository(ports: Ports, name: str) -> GitRepository | None:
    """Return the registered repository of this name, in any case, if there is one."""
    return ports.installation.find_by(GitRepository, title_handle(name))


def git_repository_for(ports: Ports, project: str, name: str) -> GitRepository:
    """Return a registered repository that the project may use. Faults: NotFound."""
    found = find_git_repository(ports, name)
    if found is None or not found.is_for(project):
        raise missing_git_repository(name)
    return found


def code_source(ports: Ports, project: str, place: SourcePlace) -> CodeSource:
    """Return where a project finds a directory of a registered repository. Faults: NotFound."""
    known = git_repository_for(ports, project, place.repository)
    return CodeSource(
        repository=known.title,
        directory=place.directory,
        url=known.url,
        branch=place.branch or known.branch or BRANCH,
        username=known.username,
        private_key=known.private_key,
        password=known.password,
    )


def missing_git_repository(name: str) -> NotFound:
    """Return the fault for a name that is not registered, or not for whoever asks."""
    return NotFound(f"no registered repository {name[:100]}")
