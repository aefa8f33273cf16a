"""Authorisation checks that need the resource's project, known only after a read.

What an operation's row can say by itself is checked in http.
"""

from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.ports.bundle import Ports


def require(principal: Principal, level: Level, project: str, *, missing: str) -> None:
    """Require the level in the project. missing: the message for a resource that does not exist.

    Faults: NotFound without read permission, so that hidden and missing resources answer alike; Forbidden.
    """
    if not may(principal, Level.READ, project):
        raise NotFound(missing)
    if not may(principal, level, project):
        word = Level.WRITE if level is Level.JOB else level
        raise Forbidden(f"{principal.name} has no {word} in project {project}")


def require_project(ports: Ports, principal: Principal, level: Level, project: str) -> None:
    """Require that a project exists, at most some seconds ago, and the level in it. Faults: NotFound, Forbidden."""
    require(principal, level, project, missing=f"no project {project}")
    if ports.projects.recent_project(project) is None:
        raise NotFound(f"no project {project}")


def may_read(principal: Principal, namespace: Namespace) -> bool:
    """Return True if the principal may read the namespace; any authenticated principal may read a public one."""
    return namespace.is_public or may(principal, Level.READ, namespace.project)


def require_admin(principal: Principal) -> None:
    """Require an admin. Faults: Forbidden."""
    if not is_admin(principal):
        raise Forbidden(f"{principal.name} is no admin")
