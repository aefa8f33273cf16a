"""Which outside issuer the installation believes, and by which key."""

from dataclasses import field
from urllib.parse import urlsplit

from slipway_formats.frozen import frozen

SHORTEST_SECRET = 32
"""Bytes of a secret for HS256. Source: RFC 7518, 3.2."""

OF_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@frozen
class IssuerSettings:
    """An outside issuer. issuer, audience: as its JWTs say `iss` and `aud`; no audience where none is asked for.

    Exactly one of the two is given: secret, shared with it, for HS256; jwks_url: where its public keys are, for RS256.
    """

    issuer: str
    audience: str = ""
    secret: str = field(default="", repr=False)
    jwks_url: str = ""


def checked_issuer(settings: IssuerSettings) -> IssuerSettings | None:
    """Return the settings of an issuer, None where there is none. Raises ValueError for half of one."""
    if settings == IssuerSettings(issuer=""):
        return None
    if not settings.issuer:
        raise ValueError("SLIPWAY_JWT_ISSUER is missing: whose JWTs are believed?")
    if bool(settings.secret) == bool(settings.jwks_url):
        raise ValueError("one of SLIPWAY_JWT_SECRET (HS256) and SLIPWAY_JWT_JWKS_URL (RS256) is needed, not both")
    if settings.secret and len(settings.secret.encode()) < SHORTEST_SECRET:
        raise ValueError(f"SLIPWAY_JWT_SECRET should have {SHORTEST_SECRET} bytes at least")
    if settings.jwks_url and not _is_safe(settings.jwks_url):
        raise ValueError("SLIPWAY_JWT_JWKS_URL should be an https address: whoever changes the keys is everybody")
    return settings


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in OF_THIS_MACHINE)
