"""How a token comes into being: its draft, its text by chance, and what is kept. Who may have one stands elsewhere."""

from datetime import datetime

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.access.token import Token, digest_of, id_of, text_of
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports


@frozen
class Draft:
    """All of a token but the text. The fields mean what they mean in a token."""

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
    """A new token with its text, which nobody can read again."""

    token: Token
    text: str

    def __repr__(self) -> str:
        return f"Issued(token={self.token.id!r})"


def draw_token(ports: Ports, draft: Draft) -> Issued:
    """A new token, to be stored."""
    return written(draft, text_of(ports.ids.secret()))


def written(draft: Draft, text: str) -> Issued:
    """The token of a draft under a text."""
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
