"""Create tokens: a draft, a random text, and the stored record. Permission to create one is checked elsewhere."""

from datetime import datetime

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import Token, digest_of, id_of, text_of
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports


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


@frozen
class Issued:
    """A new token with its text, which cannot be read again."""

    token: Token
    text: str

    def __repr__(self) -> str:
        return f"Issued(token={self.token.id!r})"


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
    )
    return Issued(token=token, text=text)
