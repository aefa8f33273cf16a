"""The public keys of an outside issuer, fetched from its JWKS and remembered. Source: RFC 7517."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from urllib.parse import urlsplit

import jwt as pyjwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from chalicelib.gateways.deadline import ConnectionWithin, Deadline, resolved_within
from chalicelib.gateways.issuer import JwtIssuer, Key, Keys, SharedSecret
from chalicelib.gateways.issuer_settings import IssuerSettings
from chalicelib.gateways.outside import resolved
from chalicelib.kernel.faults import Unavailable
from slipway_formats.override import override

REMEMBERED = timedelta(minutes=10)
AGAIN = timedelta(seconds=30)
"""An unknown key lets the set be fetched again, but no more often: anybody may name one."""

SECONDS = 5.0
LONGEST = 256 * 1024
ALGORITHM = "RS256"

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Fetch = Callable[[str], bytes]


def fetch(url: str) -> bytes:
    """Return what is at an address. Errors: OSError, HTTPException, ValueError."""
    parts, deadline = urlsplit(url), Deadline(SECONDS)
    is_encrypted, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if is_encrypted else 80)
    address = resolved_within(resolved, host, port, deadline)
    connection = ConnectionWithin(address, port, host=host, is_encrypted=is_encrypted, deadline=deadline)
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", path, headers={"User-Agent": "slipway", "Host": parts.netloc})
        answer = connection.getresponse()
        content = answer.read(LONGEST + 1)
    finally:
        connection.end()
    if answer.status != 200 or len(content) > LONGEST:
        raise ValueError(f"the keys of the issuer answered {answer.status}")
    return content


@dataclass(slots=True)
class JwksKeys(Keys):
    """The RSA keys of a JWKS, by id."""

    url: str
    fetch: Fetch = fetch
    algorithm: str = ALGORITHM
    _known: Mapping[str | None, Key] = field(default_factory=dict)
    _fetched_at: datetime = LONG_AGO

    @override
    def find_key(self, key_id: str | None, now: datetime) -> Key | None:
        if now - self._fetched_at >= (REMEMBERED if key_id in self._known else AGAIN):
            self._fetched_at = now
            # While they cannot be fetched, those that are remembered stay.
            with suppress(OSError, ValueError, HTTPException):
                self._known = _keys_in(self.fetch(self.url))
        if not self._known:
            raise Unavailable("the keys of the outside issuer cannot be fetched")
        return self._known.get(key_id)


def issuer_of(settings: IssuerSettings) -> JwtIssuer:
    """Return the issuer of the settings, with its secret or its published keys."""
    keys = SharedSecret(settings.secret) if settings.secret else JwksKeys(settings.jwks_url)
    return JwtIssuer(settings, keys)


def _keys_in(content: bytes) -> Mapping[str | None, Key]:
    """Return the keys for our algorithm by id; one that is alone goes for JWTs that name none, too."""
    given = json.loads(content)
    listed = given.get("keys") if isinstance(given, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no set of keys")
    keys = [one for one in listed if _signs(one)]
    known: dict[str | None, Key] = {}
    for one in keys:
        try:
            key = pyjwt.PyJWK(one, ALGORITHM).key
        except (pyjwt.PyJWTError, ValueError, TypeError):  # one that nobody can use spoils none of the others
            continue
        # A private key, published by mistake, is everybody's.
        if isinstance(key, RSAPublicKey):
            known[one.get("kid")] = key
    if len(known) == 1:
        known[None] = next(iter(known.values()))
    return known


def _signs(key: object) -> bool:
    return (
        isinstance(key, dict)
        and key.get("kty") == "RSA"
        and key.get("use", "sig") == "sig"
        and key.get("alg", ALGORITHM) == ALGORITHM
        and isinstance(key.get("kid", ""), str)
    )
