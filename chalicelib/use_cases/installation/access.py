"""Who may change what belongs to the whole installation, and by whom things are said to be made."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level
from chalicelib.kernel.faults import Forbidden

SYSTEM = "SYSTEM"
"""Who makes what nobody does: keys that act as no user."""


def author_of(by: Principal) -> str:
    """Return the name under which a caller makes things."""
    return SYSTEM if by.kind is PrincipalKind.KEY else by.name


def require_owner_everywhere(by: Principal) -> None:
    """Require an owner of every project: an admin, or a key of nobody. Faults: Forbidden."""
    if not may(by, Level.OWNER, EVERY_PROJECT):
        raise Forbidden(f"{by.name} is no owner of every project")
