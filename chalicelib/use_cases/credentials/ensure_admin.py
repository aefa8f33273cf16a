"""The admin token that is created when an installation starts for the first time."""

from datetime import datetime

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL
from chalicelib.kernel.access.token import is_well_formed, owner_key, text_of
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.credentials.mint_token import Draft, written
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

NAME = "admin"
OWNER = owner_key(PrincipalKind.ADMIN, NAME)


@frozen
class EnsureAdmin:
    """Ensure that an admin token exists. text: a token created elsewhere that is to be valid here."""

    now: datetime
    text: str | None = None


def ensure_admin(ports: Ports, command: EnsureAdmin) -> str | None:
    """Create the admin token and return its text; return None if there is one, or the given one is stored already.

    Faults: Invalid if the given text is not a well-formed token.
    """
    if command.text is not None and not is_well_formed(command.text):
        raise Invalid.single("admin token", "is no token: wrong prefix, length or check")
    if command.text is None and ports.access.tokens_of(OWNER, Page(size=1)):
        return None
    return _create_token(ports, command.text or text_of(ports.ids.secret()), command.now)


def _create_token(ports: Ports, text: str, now: datetime) -> str | None:
    draft = Draft(kind=PrincipalKind.ADMIN, owner=NAME, roles=(ADMIN,), scopes=(ALL,), at=now, by=NAME, until=None)
    token = written(draft, text).token
    start = Origin(by=Principal(name=NAME, kind=PrincipalKind.ADMIN), at=now, seed=ports.ids.identifier())
    action = AuditAction(act="issued-token", subject=token.id, details={"owner": OWNER, "label": "first"})
    try:
        ports.access.create_token(token, entry_of(start, action))
    except Conflict:
        return None
    return text
