"""Find the credential in a request. A use case verifies it; authorise.py decides what it allows."""

import base64
import binascii
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from chalicelib.http.callers.cookies import cookie_of, is_ours
from chalicelib.http.credential import AuthScheme, Credential, Identity, Password, Session, Token
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid, TooLarge

KEY_NAMES = ("key", "api_key")
"""Names in queries, forms and JSON, in any case."""

CONSOLE_COOKIES = ("__host-slipway", "slipway")
"""In lower case. Browsers take the first only from a server that proves, by HTTPS or on this machine, who it is."""


def credential_of(request: Request, accepted: frozenset[AuthScheme]) -> Credential | None:
    """Return the first credential that the dialect accepts.

    Cookies are ignored for changes that another site caused.
    """
    found = (FINDERS[scheme](request) for scheme in AuthScheme if scheme in accepted)
    return next((credential for credential in found if credential is not None), None)


def _escape_header(request: Request) -> Credential | None:
    return _token(request.header("x-escape-token"), AuthScheme.ESCAPE_HEADER)


def _bearer(request: Request) -> Credential | None:
    return _token(_after_scheme(request, "bearer"), AuthScheme.BEARER)


def _basic(request: Request) -> Password | None:
    try:
        pair = base64.b64decode(_after_scheme(request, "basic"), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = pair.partition(":")
    return Password(user=user, password=password) if colon else None


def _key_basic(request: Request) -> Credential | None:
    given = _basic(request)
    return _token(given.password, AuthScheme.KEY_BASIC) if given is not None else None


def _key_header(request: Request) -> Credential | None:
    return _token(request.header("x-apikey"), AuthScheme.KEY_HEADER)


def _key_query(request: Request) -> Credential | None:
    named = {name.lower(): given for name, given in request.query.values.items() if given}
    key = next((named[name][0] for name in KEY_NAMES if name in named), "")
    return _token(key, AuthScheme.KEY_QUERY)


def _key_body(request: Request) -> Credential | None:
    pairs = _json_pairs(request) if request.looks_like_json else _form_pairs(request)
    named = {name.lower(): value for name, value in pairs.items()}
    key = next((named[name] for name in KEY_NAMES if name in named), None)
    return _token(key, AuthScheme.KEY_BODY) if isinstance(key, str) else None


def _escape_cookie(request: Request) -> Credential | None:
    text = cookie_of(request, "x-escape-token")
    if not is_ours(text) and is_ours(cookie_of(request, "authtoken")):
        return None
    return _token(text, AuthScheme.ESCAPE_COOKIE)


def _session_cookie(request: Request) -> Credential | None:
    text = cookie_of(request, "authtoken")
    return Session(text=text) if text else None


def _console_cookie(request: Request) -> Token | None:
    named = (cookie_of(request, name) for name in CONSOLE_COOKIES)
    return _token(next(filter(None, named), ""), AuthScheme.CONSOLE_COOKIE)


def _identity(request: Request) -> Credential | None:
    mail = request.header("identity").strip()
    return Identity(mail=mail, secret=request.header("identity-secret")) if mail else None


FINDERS: Mapping[AuthScheme, Callable[[Request], Credential | None]] = {
    AuthScheme.ESCAPE_HEADER: _escape_header,
    AuthScheme.BEARER: _bearer,
    AuthScheme.BASIC: _basic,
    AuthScheme.KEY_BASIC: _key_basic,
    AuthScheme.KEY_HEADER: _key_header,
    AuthScheme.KEY_QUERY: _key_query,
    AuthScheme.KEY_BODY: _key_body,
    AuthScheme.ESCAPE_COOKIE: _escape_cookie,
    AuthScheme.SESSION_COOKIE: _session_cookie,
    AuthScheme.CONSOLE_COOKIE: _console_cookie,
    AuthScheme.IDENTITY: _identity,
}


def _token(text: str, scheme: AuthScheme) -> Token | None:
    stripped = text.strip()
    return Token(text=stripped, scheme=scheme) if stripped else None


def _after_scheme(request: Request, scheme: str) -> str:
    given, _, rest = request.header("authorization").strip().partition(" ")
    return rest.strip() if given.lower() == scheme else ""


def _form_pairs(request: Request) -> Mapping[str, object]:
    try:
        return dict(parse_qsl(request.content.decode("utf-8")))
    except ValueError:
        return {}


def _json_pairs(request: Request) -> Mapping[str, object]:
    try:
        value = request.json()
    except (Invalid, TooLarge):  # the row's reader will report the bad body; it holds no key
        return {}
    return value if isinstance(value, dict) else {}
