"""Roles in a project, and what they allow."""

from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import GRANTABLE, Level
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import ProjectNamed


def valid_roles(ports: Ports, project: str) -> tuple[Level, ...]:
    """Return the roles that can be granted in the project, lowest first. Faults: NotFound."""
    ports.projects.project(project)
    return GRANTABLE


def may_manage_subscriptions(ports: Ports, query: ProjectNamed) -> bool:
    """Return True if the caller may manage the project's subscriptions: owners may. Faults: NotFound."""
    ports.projects.project(query.name)
    return may(query.by, Level.OWNER, query.name)
