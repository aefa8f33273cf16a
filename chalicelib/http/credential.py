"""Credentials of a caller and how they were sent. A use case verifies them."""

from enum import StrEnum

from slipway_formats.frozen import frozen


class AuthScheme(StrEnum):
    """Ways to send a credential, in the order in which they are tried."""

    ESCAPE_HEADER = "x-escape-token header"
    BEARER = "bearer token"
    BASIC = "basic authentication"
    KEY_BASIC = "basic authentication with a key as the password"
    KEY_HEADER = "x-apikey header"
    KEY_QUERY = "key in the query"
    KEY_BODY = "key in the form or JSON body"
    ESCAPE_COOKIE = "x-escape-token cookie"
    SESSION_COOKIE = "authtoken cookie"
    CONSOLE_COOKIE = "slipway cookie"
    IDENTITY = "identity header"


AMBIENT = frozenset(
    {AuthScheme.ESCAPE_COOKIE, AuthScheme.SESSION_COOKIE, AuthScheme.CONSOLE_COOKIE, AuthScheme.IDENTITY}
)
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
    """The signed session JWT that a login set as a cookie."""

    text: str
    scheme: AuthScheme = AuthScheme.SESSION_COOKIE

    def __repr__(self) -> str:
        return "Session()"


@frozen
class Identity:
    """An unverified claim, accepted only where that is switched on. secret: what callers inside send beside it."""

    mail: str
    secret: str = ""
    scheme: AuthScheme = AuthScheme.IDENTITY

    def __repr__(self) -> str:
        return f"Identity(mail={self.mail!r})"


Credential = Token | Password | Session | Identity
