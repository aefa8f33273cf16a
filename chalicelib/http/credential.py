"""What a caller shows to prove who they are, and by which means it came. What it is worth, a use case says."""

from enum import StrEnum

from chalicelib.kernel.frozen import frozen


class AuthScheme(StrEnum):
    """The ways in which a credential can come, in the order in which they are looked at."""

    ESCAPE_HEADER = "x-escape-token header"
    BEARER = "bearer token"
    BASIC = "basic authentication"
    KEY_HEADER = "x-apikey header"
    KEY_QUERY = "key in the query"
    KEY_BODY = "key in the form or JSON body"
    ESCAPE_COOKIE = "x-escape-token cookie"
    SESSION_COOKIE = "authtoken cookie"
    IDENTITY = "identity header"


AMBIENT = frozenset({AuthScheme.ESCAPE_COOKIE, AuthScheme.SESSION_COOKIE, AuthScheme.IDENTITY})
"""What a browser, or a proxy before us, adds to every request, whoever has caused it."""


@frozen
class Token:
    """A secret token or API key."""

    text: str
    scheme: AuthScheme

    def __repr__(self) -> str:
        return f"Token(scheme={self.scheme.value!r})"


@frozen
class Password:
    """A name with a password or a token."""

    user: str
    password: str
    scheme: AuthScheme = AuthScheme.BASIC

    def __repr__(self) -> str:
        return f"Password(user={self.user!r})"


@frozen
class Session:
    """The signed statement (JWT) that a login left in a cookie."""

    text: str
    scheme: AuthScheme = AuthScheme.SESSION_COOKIE

    def __repr__(self) -> str:
        return "Session()"


@frozen
class Identity:
    """A mere claim, which counts for something only where that is switched on."""

    mail: str
    scheme: AuthScheme = AuthScheme.IDENTITY


Credential = Token | Password | Session | Identity
