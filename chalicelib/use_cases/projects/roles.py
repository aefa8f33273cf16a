"""What may be given to somebody in a project, and what somebody may do with it."""

from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import LEVELS, Level
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import ProjectNamed


def valid_roles(ports: Ports, project: str) -> tuple[Level, ...]:
    """The roles that can be given in the project, the least first. Faults: NotFound."""
    ports.projects.project(project)
    return LEVELS


def may_manage_subscriptions(ports: Ports, ask: ProjectNamed) -> bool:
    """Whether the asker may say who hears of the project: its owners may. Faults: NotFound."""
    ports.projects.project(ask.name)
    return may(ask.by, Level.OWNER, ask.name)
