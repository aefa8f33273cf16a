"""Remove a project or one of its environments with everything in it, in an order that can be interrupted anywhere.

First it is marked as deleting: it is hidden and nothing new can be created in it. Then its definitions are removed, so
that no run starts; then its runs, once they have ended; then their results; at last the marked record itself.
"""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.removal.contents import (
    IN_AN_ENVIRONMENT,
    remove_default_applications,
    remove_definitions,
    remove_deployed,
    remove_namespaces,
    remove_project_applications,
    remove_repositories,
    remove_roles,
    remove_service_accounts,
    remove_trains,
    remove_webhooks,
)
from chalicelib.use_cases.removal.removal import Removal, Removed, remove_runs
from chalicelib.use_cases.removal.tasks import (
    delete_workloads,
    forget_workloads,
    remove_task_namespaces,
    withdraw_git_repositories,
)
from chalicelib.use_cases.removed_names import NameKind, reserve_name
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen

RUN_IN_AN_ENVIRONMENT = (
    *IN_AN_ENVIRONMENT,
    # First what begins others.
    DefinitionKind.LOAD,
    DefinitionKind.TASK_PIPELINE,
    DefinitionKind.TASK,
)


@frozen
class RemoveProject:
    """Remove a project, or resume its removal."""

    origin: Origin
    name: str


@frozen
class RemoveEnvironment:
    """Remove an environment of a project, or resume its removal."""

    origin: Origin
    project: str
    name: str


def remove_project(ports: Ports, command: RemoveProject) -> Removed:
    """Remove the project, as far as there is time, and return what was removed. Faults: NotFound, Stale."""
    retry_on_conflict(
        ports,
        lambda: ports.projects.mark_deleting(command.name, _entry(command.origin, "removed-project", command.name)),
    )
    reserve_name(ports, NameKind.PROJECT, command.name, owner=command.name, now=command.origin.at)
    environments = ports.projects.environment_names(command.name)
    for name in environments:
        _mark_deleting(ports, RemoveEnvironment(origin=command.origin, project=command.name, name=name))
    removal = Removal(ports, command.origin)
    is_complete = (
        remove_definitions(removal, command.name)
        and all(delete_workloads(removal, command.name, name) for name in environments)
        and remove_runs(removal, command.name, "", tuple(DefinitionKind))
        and _remove_contents(removal, command.name)
    )
    if is_complete:
        ports.insights.forget(command.name)
        ports.projects.forget(command.name)
    return removal.removed(is_complete=is_complete)


def remove_environment(ports: Ports, command: RemoveEnvironment) -> Removed:
    """Remove the environment, as far as there is time, and return what was removed. Faults: NotFound, Stale."""
    _mark_deleting(ports, command)
    removal = Removal(ports, command.origin)
    is_complete = (
        remove_definitions(removal, command.project, command.name)
        and delete_workloads(removal, command.project, command.name)
        and remove_runs(removal, command.project, command.name, RUN_IN_AN_ENVIRONMENT)
        and forget_workloads(removal, command.project, command.name)
        and remove_task_namespaces(removal, command.project, command.name)
        and remove_deployed(removal, command.project, command.name)
    )
    return removal.removed(is_complete=is_complete)


def _remove_contents(removal: Removal, project: str) -> bool:
    """Remove what is left in a project without runs; return True if nothing is left."""
    ports = removal.ports
    return (
        all(_remove_environment(removal, project, name) for name in ports.projects.environment_names(project))
        and remove_repositories(removal, project)
        and remove_webhooks(removal, project)
        and remove_namespaces(removal, project)
        and remove_default_applications(removal, project)
        and remove_trains(removal, project)
        and remove_project_applications(removal, project)
        and withdraw_git_repositories(removal, project)
        and remove_task_namespaces(removal, project)
        # Last: the caller may be one of its accounts, or have a role in it.
        and remove_service_accounts(removal, project)
        and remove_roles(removal, project)
    )


def _remove_environment(removal: Removal, project: str, name: str) -> bool:
    return forget_workloads(removal, project, name) and remove_deployed(removal, project, name)


def _mark_deleting(ports: Ports, command: RemoveEnvironment) -> None:
    known = ports.projects.find_environment(command.project, command.name)
    delete_secrets(ports, known.secrets.values() if known is not None else ())
    entry = _entry(command.origin, "removed-environment", command.project, command.name)
    retry_on_conflict(ports, lambda: ports.projects.mark_environment_deleting(command.project, command.name, entry))


def _entry(origin: Origin, act: str, project: str, *inside: str) -> AuditEntry:
    return entry_of(origin, AuditAction(act=act, subject="/".join((project, *inside)), project=project))
