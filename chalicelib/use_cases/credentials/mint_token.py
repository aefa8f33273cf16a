"""Create tokens: a draft, a random text, and the stored record. Permission to create one is checked elsewhere."""

from datetime import datetime

from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.token import Token, digest_of, id_of, is_fresh, text_of
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen


@frozen
class Draft:
    """All of a token but its text. The fields are those of Token."""

    kind: PrincipalKind
    owner: str
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...]
    label: str = ""
    is_session: bool = False
    at: datetime
    by: str
    until: datetime | None
    minted_by: str = ""
    by_password: bool = False
    grants: tuple[Grant, ...] = ()


@frozen
class Issued:
    """A new token with its text, which cannot be read again."""

    token: Token
    text: str

    def __repr__(self) -> str:
        return f"Issued(token={self.token.id!r})"


def latest_end(ports: Ports, by: Principal, now: datetime) -> datetime | None:
    """Return the latest expiry of a token that the caller may issue: that of the token presented; None if not bound.

    A password does not bind, nor does a session that began by one a short while ago.
    """
    shown = ports.access.find_token(by.token) if by.token else None
    return None if shown is None or is_fresh(shown, now) else shown.expires_at


def bounded(until: datetime, latest: datetime | None) -> datetime:
    """Return the token's expiry, limited to `latest`."""
    return until if latest is None else min(until, latest)


def draw_token(ports: Ports, draft: Draft) -> Issued:
    """Generate a token from a draft; the caller stores it."""
    return written(draft, text_of(ports.ids.secret()))


def written(draft: Draft, text: str) -> Issued:
    """Build the token of a draft for a given text."""
    token = Token(
        id=id_of(text),
        digest=digest_of(text),
        kind=draft.kind,
        owner=draft.owner,
        roles=draft.roles,
        scopes=draft.scopes,
        label=draft.label,
        is_session=draft.is_session,
        created_at=draft.at,
        created_by=draft.by,
        expires_at=draft.until,
        minted_by=draft.minted_by,
        by_password=draft.by_password,
        grants=draft.grants,
    )
    return Issued(token=token, text=text)
