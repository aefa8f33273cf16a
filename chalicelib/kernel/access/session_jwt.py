"""The JWT that a login leaves in the cookie `authtoken`: it names the user and carries the session's token.

The token is its `jti` claim and its signing key. So the JWT is as secret as the token, cannot be altered, and stops
working when the token does: by expiry, revocation or logout. Source: RFC 7519, RFC 7515; HS256 only.
"""

import binascii
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from chalicelib.kernel.access.token import is_well_formed

ISSUER = "slipway"
HEADER = {"alg": "HS256", "typ": "JWT"}
LONGEST = 8192
"""The longest JWT, in characters, that is parsed."""


def session_jwt(text: str, *, subject: str, groups: Iterable[str], issued_at: datetime, until: datetime) -> str:
    """Make the JWT of a session. text: the session's token."""
    claims = {
        "iss": ISSUER,
        "sub": subject,
        "groups": sorted(groups),
        "iat": int(issued_at.timestamp()),
        "exp": int(until.timestamp()),
        "jti": text,
    }
    said = f"{_written(HEADER)}.{_written(claims)}"
    return f"{said}.{_signature(said, text)}"


def token_in(jwt: str) -> str | None:
    """Read the token out of a session JWT. None when it is malformed, not ours, or its signature is wrong."""
    said, _, signature = jwt.rpartition(".")
    header, dot, claims = said.partition(".")
    if not dot or len(jwt) > LONGEST or _read(header) != HEADER:
        return None
    known = _read(claims)
    text = known.get("jti") if isinstance(known, dict) else None
    if not isinstance(text, str) or not is_well_formed(text):
        return None
    return text if hmac.compare_digest(_signature(said, text).encode(), signature.encode()) else None


def is_jwt(text: str) -> bool:
    """True for what has the form of a JWT, ours or another's: three parts, of which none is a token."""
    return text.count(".") == 2


def _signature(said: str, text: str) -> str:
    return _in_letters(hmac.new(text.encode(), said.encode(), sha256).digest())


def _written(part: object) -> str:
    return _in_letters(json.dumps(part, separators=(",", ":")).encode())


def _in_letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(part: str) -> object:
    try:
        known: object = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return known
