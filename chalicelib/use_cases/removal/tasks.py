"""What the Deploy API knows of a project that is being removed: workloads, namespaces, the repositories it may use."""

from dataclasses import replace
from functools import partial

from chalicelib.kernel.installation.entries import GitRepository, TaskNamespace
from chalicelib.kernel.workloads.transitions import deleted
from chalicelib.kernel.workloads.workload import GONE
from chalicelib.use_cases.installation.saving import remove_entry, update_entry
from chalicelib.use_cases.removal.removal import Removal


def remove_task_namespaces(removal: Removal, project: str, environment: str = "") -> bool:
    """Remove the namespaces that are environments of the project, or this one; return True if none is left."""
    ports = removal.ports
    known = [one for one in ports.installation.every(TaskNamespace) if one.project == project]
    own = [one for one in known if environment in ("", one.environment)]
    return removal.remove_each("task_namespaces", own, partial(remove_entry, ports, removal.origin))


def withdraw_git_repositories(removal: Removal, project: str) -> bool:
    """Close registered repositories to the project, so that another of its name cannot use them; True when done."""

    def withdraw(repository: GitRepository) -> None:
        update_entry(removal.ports, removal.origin, repository, without)

    def without(repository: GitRepository) -> GitRepository:
        return replace(repository, projects=tuple(one for one in repository.projects if one != project))

    known = [one for one in removal.ports.installation.every(GitRepository) if project in one.projects]
    return removal.remove_each("repositories", known, withdraw)


def delete_workloads(removal: Removal, project: str, environment: str) -> bool:
    """Delete the workloads of an environment, so that none is kept running or fires again; True when done."""
    ports = removal.ports

    def delete(workload_id: str) -> None:
        known = ports.workloads.find_workload(workload_id)
        if known is not None and known.phase not in GONE:
            ports.workloads.save(deleted(known, ports.clock.now()))

    return removal.remove_each("workloads", ports.workloads.every_in(project, environment), delete)


def forget_workloads(removal: Removal, project: str, environment: str) -> bool:
    """Forget the workloads of an environment, whose runs are gone; return True if none is left."""
    forget = partial(removal.ports.workloads.forget, project, environment)
    is_done = removal.remove_each("workloads", removal.ports.workloads.every_in(project, environment), forget)
    if is_done:
        removal.ports.workloads.forget_counts(project, environment)
    return is_done
