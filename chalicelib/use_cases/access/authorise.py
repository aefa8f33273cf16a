"""Whether somebody may do what they ask for, where it shows only after something was read to which project it belongs.

What an operation's row can say by itself is checked by http.
"""

from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.kernel.releases.release import Namespace


def require(principal: Principal, level: Level, project: str, *, missing: str) -> None:
    """Nothing, when the principal has the level in the project. missing: what is said of a thing that is not there.

    Faults: NotFound when they may not even read, so that what is hidden and what is not there answer alike; Forbidden.
    """
    if not may(principal, Level.READ, project):
        raise NotFound(missing)
    if not may(principal, level, project):
        raise Forbidden(f"{principal.name} has no {level} in project {project}")


def may_read(principal: Principal, namespace: Namespace) -> bool:
    """Whether the principal may read what is in the namespace: anybody known may, where it is public."""
    return namespace.is_public or may(principal, Level.READ, namespace.project)


def require_admin(principal: Principal) -> None:
    """Nothing, when the principal is an admin. Faults: Forbidden."""
    if not is_admin(principal):
        raise Forbidden(f"{principal.name} is no admin")
