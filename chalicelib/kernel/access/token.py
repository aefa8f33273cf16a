"""Tokens: what they look like, what is kept of them and when they hold. Whose roles they carry, the use cases say.

The text is `slp_`, 32 letters and digits of chance, and six more that check them, so that scanners know a leaked one
and a mistyped one costs no look-up. Only its SHA-256 is kept, and the id derives from that.
"""

import hashlib
import hmac
import zlib
from datetime import datetime
from string import ascii_lowercase, ascii_uppercase, digits

from chalicelib.kernel.access.principal import PrincipalKind
from chalicelib.kernel.frozen import frozen

PREFIX = "slp_"
CHANCE = 32
CHECK = 6
LENGTH = len(PREFIX) + CHANCE + CHECK
ALPHABET = digits + ascii_uppercase + ascii_lowercase
ID_LENGTH = 24
"""Hexadecimal digits of the hash that make the id: enough to be unique, too few to find the text."""


@frozen
class Token:
    """What is kept of a token. digest: SHA-256 of the text, hexadecimal. owner: name of the principal it stands for.

    roles: of those kinds of owner that have no record of their own (admin, runner, job). scopes: what they are narrowed
    to. expires_at: nothing means never, which admin tokens alone may have. is_session: made by a login.
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


def text_of(secret: str) -> str:
    """The text of a new token. secret: an unguessable text, which is not seen in it."""
    number = int.from_bytes(hashlib.sha256(f"slipway token {secret}".encode()).digest(), "big")
    chance = _in_base62(number, CHANCE)
    return f"{PREFIX}{chance}{_check_of(chance)}"


def is_well_formed(text: str) -> bool:
    """Whether the text can be a token: right prefix, length, letters and check."""
    if len(text) != LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return False
    chance = text[len(PREFIX) : -CHECK]
    return chance.isalnum() and _check_of(chance) == text[-CHECK:]


def digest_of(text: str) -> str:
    """What is kept of a token's text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def id_of(text: str) -> str:
    """The id of the token with this text."""
    return digest_of(text)[:ID_LENGTH]


def is_that(token: Token, text: str) -> bool:
    """Whether the text is this token's."""
    return hmac.compare_digest(token.digest, digest_of(text))


def owner_key(kind: PrincipalKind, owner: str) -> str:
    """The owner of tokens in one text, by which they are listed."""
    return f"{kind}:{owner}"


def holds(token: Token, now: datetime) -> bool:
    """Whether the token has not expired."""
    return token.expires_at is None or now < token.expires_at


def _check_of(chance: str) -> str:
    return _in_base62(zlib.crc32(chance.encode()), CHECK)


def _in_base62(number: int, length: int) -> str:
    return "".join(ALPHABET[number // 62**place % 62] for place in reversed(range(length)))
