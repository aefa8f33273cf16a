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
    remove_repositories,
    remove_roles,
    remove_service_accounts,
)
from chalicelib.use_cases.removal.removal import Removal, Removed, remove_runs
from chalicelib.use_cases.removed_names import NameKind, reserve_name
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen


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


def remove_project(ports: Ports, ask: RemoveProject) -> Removed:
    """Remove the project, as far as there is time, and return what was removed. Faults: NotFound, Stale."""
    retry_on_conflict(
        ports, lambda: ports.projects.mark_deleting(ask.name, _entry(ask.origin, "removed-project", ask.name))
    )
    reserve_name(ports, NameKind.PROJECT, ask.name, owner=ask.name, now=ask.origin.at)
    for name in ports.projects.environment_names(ask.name):
        _mark_deleting(ports, RemoveEnvironment(origin=ask.origin, project=ask.name, name=name))
    removal = Removal(ports, ask.origin)
    is_complete = (
        remove_definitions(removal, ask.name)
        and remove_runs(removal, ask.name, "", tuple(DefinitionKind))
        and _remove_contents(removal, ask.name)
    )
    if is_complete:
        ports.projects.forget(ask.name)
    return removal.removed(is_complete=is_complete)


def remove_environment(ports: Ports, ask: RemoveEnvironment) -> Removed:
    """Remove the environment, as far as there is time, and return what was removed. Faults: NotFound, Stale."""
    _mark_deleting(ports, ask)
    removal = Removal(ports, ask.origin)
    is_complete = (
        remove_definitions(removal, ask.project, ask.name)
        and remove_runs(removal, ask.project, ask.name, IN_AN_ENVIRONMENT)
        and remove_deployed(removal, ask.project, ask.name)
    )
    return removal.removed(is_complete=is_complete)


def _remove_contents(removal: Removal, project: str) -> bool:
    """Remove what is left in a project without runs; return True if nothing is left."""
    ports = removal.ports
    return (
        all(remove_deployed(removal, project, name) for name in ports.projects.environment_names(project))
        and remove_repositories(removal, project)
        and remove_namespaces(removal, project)
        and remove_default_applications(removal, project)
        # Last: the caller may be one of its accounts, or have a role in it.
        and remove_service_accounts(removal, project)
        and remove_roles(removal, project)
    )


def _mark_deleting(ports: Ports, ask: RemoveEnvironment) -> None:
    known = ports.projects.find_environment(ask.project, ask.name)
    delete_secrets(ports, known.secrets.values() if known is not None else ())
    entry = _entry(ask.origin, "removed-environment", ask.project, ask.name)
    retry_on_conflict(ports, lambda: ports.projects.mark_environment_deleting(ask.project, ask.name, entry))


def _entry(origin: Origin, act: str, project: str, *inside: str) -> AuditEntry:
    return entry_of(origin, AuditAction(act=act, subject="/".join((project, *inside)), project=project))
