"""Removing a project or one of its environments, with everything in it: in an order that can be broken off anywhere.

First it is marked as leaving: from then on nobody sees it, and nothing new is made in it. Then its definitions go, so
that nothing begins a run; then its runs, as soon as they have ended; then what they left; and what is marked at last.
"""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.removal.contents import (
    IN_AN_ENVIRONMENT,
    remove_definitions,
    remove_deployed,
    remove_namespaces,
    remove_repositories,
    remove_service_accounts,
)
from chalicelib.use_cases.removal.removal import Removal, Removed, remove_runs
from chalicelib.use_cases.retry import retry_on_conflict


@frozen
class RemoveProject:
    """Remove a project, or go on with it."""

    origin: Origin
    name: str


@frozen
class RemoveEnvironment:
    """Remove an environment of a project, or go on with it."""

    origin: Origin
    project: str
    name: str


def remove_project(ports: Ports, ask: RemoveProject) -> Removed:
    """What was removed of the project. Faults: NotFound, Stale."""
    retry_on_conflict(
        ports, lambda: ports.projects.mark_deleting(ask.name, _entry(ask.origin, "removed-project", ask.name))
    )
    for name in ports.projects.environment_names(ask.name):
        _leave(ports, RemoveEnvironment(origin=ask.origin, project=ask.name, name=name))
    removal = Removal(ports, ask.origin)
    is_complete = (
        remove_definitions(removal, ask.name)
        and remove_runs(removal, ask.name, "", tuple(DefinitionKind))
        and _is_empty(removal, ask.name)
    )
    if is_complete:
        ports.projects.forget(ask.name)
    return removal.removed(is_complete=is_complete)


def remove_environment(ports: Ports, ask: RemoveEnvironment) -> Removed:
    """What was removed of the environment. Faults: NotFound, Stale."""
    _leave(ports, ask)
    removal = Removal(ports, ask.origin)
    is_complete = (
        remove_definitions(removal, ask.project, ask.name)
        and remove_runs(removal, ask.project, ask.name, IN_AN_ENVIRONMENT)
        and remove_deployed(removal, ask.project, ask.name)
    )
    return removal.removed(is_complete=is_complete)


def _is_empty(removal: Removal, project: str) -> bool:
    """Whether nothing is left in a project that has no runs."""
    ports = removal.ports
    return (
        all(remove_deployed(removal, project, name) for name in ports.projects.environment_names(project))
        and remove_repositories(removal, project)
        and remove_namespaces(removal, project)
        # Last: who asks may be one of its accounts.
        and remove_service_accounts(removal, project)
    )


def _leave(ports: Ports, ask: RemoveEnvironment) -> None:
    entry = _entry(ask.origin, "removed-environment", ask.project, ask.name)
    retry_on_conflict(ports, lambda: ports.projects.mark_environment_deleting(ask.project, ask.name, entry))


def _entry(origin: Origin, act: str, project: str, *inside: str) -> AuditEntry:
    return entry_of(origin, AuditAction(act=act, subject="/".join((project, *inside)), project=project))
