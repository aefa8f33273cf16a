"""The admin token that is made when an installation starts for the first time."""

from datetime import datetime

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL
from chalicelib.kernel.access.token import is_well_formed, owner_key, text_of
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.access.mint_token import Draft, written
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page

NAME = "admin"
OWNER = owner_key(PrincipalKind.ADMIN, NAME)


@frozen
class EnsureAdmin:
    """See to it that somebody can get in. text: of a token that was made elsewhere and shall hold."""

    now: datetime
    text: str | None = None


def ensure_admin(ports: Ports, ask: EnsureAdmin) -> str | None:
    """The text of the admin token that was made now; nothing when there was one, or when the one given holds already.

    Faults: Invalid, when the given text cannot be a token.
    """
    if ask.text is not None and not is_well_formed(ask.text):
        raise Invalid.single("admin token", "is no token: wrong prefix, length or check")
    if ask.text is None and ports.access.tokens_of(OWNER, Page(size=1)):
        return None
    return _made(ports, ask.text or text_of(ports.ids.secret()), ask.now)


def _made(ports: Ports, text: str, now: datetime) -> str | None:
    draft = Draft(kind=PrincipalKind.ADMIN, owner=NAME, roles=(ADMIN,), scopes=(ALL,), at=now, by=NAME, until=None)
    token = written(draft, text).token
    start = Origin(by=Principal(name=NAME, kind=PrincipalKind.ADMIN), at=now, seed=ports.ids.identifier())
    action = AuditAction(act="issued-token", subject=token.id, details={"owner": OWNER, "label": "first"})
    try:
        ports.access.create_token(token, entry_of(start, action))
    except Conflict:
        return None
    return text
