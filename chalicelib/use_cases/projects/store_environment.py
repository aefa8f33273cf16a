"""New environments: the last in their project's order, which has room for so many."""

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.projects.project import MAX_ENVIRONMENTS, Environment
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict


def store_environment(ports: Ports, environment: Environment, entry: AuditEntry) -> Environment:
    """Store a new environment, last in its project's order. Faults: NotFound, Conflict, Stale."""
    return retry_on_conflict(ports, lambda: _create(ports, environment, entry), since=entry.at)


def _create(ports: Ports, environment: Environment, entry: AuditEntry) -> Environment:
    project = ports.projects.project(environment.project)
    if len(project.environments) >= MAX_ENVIRONMENTS:
        raise Conflict(f"project {project.name} has {MAX_ENVIRONMENTS} environments already")
    return ports.projects.create_environment(project, environment, entry)
