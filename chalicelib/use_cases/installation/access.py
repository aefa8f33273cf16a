"""Who may change what belongs to the whole installation."""

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level
from chalicelib.kernel.faults import Forbidden


def require_owner_everywhere(by: Principal) -> None:
    """Require an owner of every project: an admin, or a key of nobody. Faults: Forbidden."""
    if not may(by, Level.OWNER, EVERY_PROJECT):
        raise Forbidden(f"{by.name} is no owner of every project")
