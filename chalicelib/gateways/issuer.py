"""Verify JWTs of the outside issuer with PyJWT. Which algorithm counts, our settings say: never the JWT.

Sources: RFC 7519, RFC 7515, RFC 8725 (best current practices).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.types import Options

from chalicelib.gateways.issuer_settings import IssuerSettings
from chalicelib.kernel.access.session_jwt import LONGEST
from chalicelib.use_cases.ports.issuer import Claims, Issuer
from slipway_formats.override import override

LEEWAY = timedelta(seconds=60)
"""How far the issuer's clock may be from ours."""

LONGEST_SUBJECT = 254
REQUIRED = ["exp", "iat", "iss", "sub"]
UNREADABLE = (pyjwt.PyJWTError, ValueError, TypeError, RecursionError)
"""What PyJWT raises for a JWT that is worth nothing: its own errors, and those of JSON and base64 in it."""


Key = str | RSAPublicKey


class Keys(Protocol):
    """The keys of an issuer, all for one algorithm."""

    algorithm: str

    def find_key(self, key_id: str | None, now: datetime) -> Key | None:
        """Return the key of this id; without one the only key. Faults: Unavailable."""


@dataclass(frozen=True, slots=True)
class SharedSecret(Keys):
    """The one key of an issuer with which the installation shares a secret."""

    secret: str
    algorithm: str = "HS256"

    @override
    def find_key(self, key_id: str | None, now: datetime) -> Key | None:
        return self.secret


@dataclass(frozen=True, slots=True)
class JwtIssuer(Issuer):
    """Implement the port Issuer by PyJWT."""

    settings: IssuerSettings
    keys: Keys

    @override
    def find_claims(self, jwt: str, now: datetime) -> Claims | None:
        if len(jwt) > LONGEST:
            return None
        try:
            key_id = pyjwt.get_unverified_header(jwt).get("kid")
            key = self.keys.find_key(key_id, now)
            claims = self._decoded(jwt, key) if key is not None else None
        except UNREADABLE:
            return None
        return _current(claims, now) if claims is not None else None

    def _decoded(self, jwt: str, key: Key) -> Mapping[str, Any]:
        settings = self.settings
        # PyJWT looks at its own clock: times are compared below, with the caller's.
        options = Options(
            verify_exp=False, verify_nbf=False, verify_iat=False, require=REQUIRED, verify_aud=settings.audience != ""
        )
        return pyjwt.decode(
            jwt,
            key,
            algorithms=[self.keys.algorithm],
            issuer=settings.issuer,
            audience=settings.audience or None,
            options=options,
        )


def _current(claims: Mapping[str, Any], now: datetime) -> Claims | None:
    """Return the claims if it is their time. A time that is no number makes the JWT worthless."""
    issued_at, until = _instant(claims["iat"]), _instant(claims["exp"])
    begins = _instant(claims["nbf"]) if "nbf" in claims else issued_at
    subject = claims["sub"]
    if issued_at is None or until is None or begins is None or not isinstance(subject, str):
        return None
    if not max(issued_at, begins) - LEEWAY <= now < until + LEEWAY or len(subject) > LONGEST_SUBJECT:
        return None
    return Claims(subject=subject, issued_at=issued_at)


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
