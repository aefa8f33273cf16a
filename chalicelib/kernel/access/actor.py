"""For whom a definition acts outside its project: whoever saved it last, unless it names a service account."""

from datetime import datetime

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from slipway_formats.frozen import frozen

OF_TOKENS = frozenset({PrincipalKind.ADMIN, PrincipalKind.KEY})
"""Those who have no record but their token."""

LASTING = OF_TOKENS | {PrincipalKind.USER, PrincipalKind.SERVICE_ACCOUNT}
"""On whose behalf a definition acts. Never a job, which is gone when its definition runs, nor a runner."""


@frozen
class Actor:
    """The identity on whose behalf a definition acts: who saved it, limited by the credential used then.

    scopes: of the credential with which it was saved; they narrow the owner's roles. token: id of that credential, for
    owners without a record of their own. at: when it was saved; a later owner of the name is somebody else.
    """

    name: str
    kind: PrincipalKind
    scopes: tuple[str, ...] = ()
    token: str = ""
    at: datetime


def actor_of(by: Principal, at: datetime) -> Actor | None:
    """Return on whose behalf a definition that they save now will act; None for callers that exist only for a while."""
    if by.kind not in LASTING:
        return None
    token = by.token if by.kind in OF_TOKENS else ""
    return Actor(name=by.name, kind=by.kind, scopes=tuple(sorted(by.scopes)), token=token, at=at)
