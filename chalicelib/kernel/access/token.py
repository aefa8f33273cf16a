"""API tokens: format, what is stored, and expiry. Which roles a token carries: use_cases/access.

The text is `slp_`, 32 random letters and digits, and a checksum of six, so that secret scanners recognise a leaked
token and a mistyped one costs no look-up. Only its SHA-256 is stored; the id derives from the hash.
"""

import hashlib
import hmac
import zlib
from datetime import datetime, timedelta
from string import ascii_lowercase, ascii_uppercase, digits

from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.access.principal import PrincipalKind
from slipway_formats.frozen import frozen

PREFIX = "slp_"
CHANCE = 32
CHECK = 6
LENGTH = len(PREFIX) + CHANCE + CHECK
ALPHABET = digits + ascii_uppercase + ascii_lowercase
FRESH = timedelta(hours=1)
"""So long after a password was shown, a session mints tokens that outlive it."""

ID_LENGTH = 24
"""Hexadecimal digits of the hash that make the id: enough to be unique, too few to find the text."""


@frozen
class Token:
    """The stored record of a token. digest: SHA-256 of the text, hexadecimal. owner: name of its principal.

    roles: for owners without a record of their own (admin, runner, job, key). scopes: narrow the roles. expires_at:
    None, for admin tokens only, means never. is_session: created by a login. minted_by: whose request made it, as
    `owner_key` writes it: it ends when they are disabled. by_password: of a session, that it began by a password, not
    by a token. grants: of an API key, the APIs that it may call; empty for all other tokens. used_at: when it was
    used, up to an hour ago; None if it was not, for tokens of jobs, and in old records.
    """

    id: str
    digest: str
    kind: PrincipalKind
    owner: str
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...]
    label: str = ""
    is_session: bool = False
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    minted_by: str = ""
    by_password: bool = False
    grants: tuple[Grant, ...] = ()
    used_at: datetime | None = None


def text_of(secret: str) -> str:
    """Create the text of a token. secret: an unguessable text; it cannot be derived from the token."""
    number = int.from_bytes(hashlib.sha256(f"slipway token {secret}".encode()).digest(), "big")
    chance = _in_base62(number, CHANCE)
    return f"{PREFIX}{chance}{_check_of(chance)}"


def is_well_formed(text: str) -> bool:
    """Whether the text has a token's prefix, length, alphabet and checksum."""
    if len(text) != LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return False
    chance = text[len(PREFIX) : -CHECK]
    return chance.isalnum() and _check_of(chance) == text[-CHECK:]


def digest_of(text: str) -> str:
    """Return the hash of a token's text, which is stored in its place."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def id_of(text: str) -> str:
    """The id of the token with this text."""
    return digest_of(text)[:ID_LENGTH]


def is_that(token: Token, text: str) -> bool:
    """Return True if the text is that of this token; compares in constant time."""
    return hmac.compare_digest(token.digest, digest_of(text))


def owner_key(kind: PrincipalKind, owner: str) -> str:
    """Kind and name of a token's owner in one text, the key of their list of tokens."""
    return f"{kind}:{owner}"


def holds(token: Token, now: datetime) -> bool:
    """Whether the token has not expired."""
    return token.expires_at is None or now < token.expires_at


def is_fresh(token: Token, now: datetime) -> bool:
    """Whether the token is a session for which a password was shown a short while ago."""
    return token.is_session and token.by_password and now < token.created_at + FRESH


def _check_of(chance: str) -> str:
    return _in_base62(zlib.crc32(chance.encode()), CHECK)


def _in_base62(number: int, length: int) -> str:
    return "".join(ALPHABET[number // 62**place % 62] for place in reversed(range(length)))
