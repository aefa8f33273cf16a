"""Passwords that were verified a short while ago: clients that show theirs with every request pay for the hash once."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock

from slipway_formats.frozen import frozen

REMEMBERED = timedelta(seconds=60)
MOST = 256


@frozen
class VerifiedPassword:
    """A password with which a user comes. kept: its stored hash. version: of the user, who may have changed since."""

    user: str
    version: int
    password: str
    kept: str


class VerifiedPasswords:
    """What this process remembers of right passwords: digests under a key that it alone has. Wrong ones never."""

    def __init__(self) -> None:
        self._until: dict[bytes, datetime] = {}
        self._lock = Lock()

    def has(self, shown: VerifiedPassword, key: bytes, now: datetime) -> bool:
        """Whether this password was verified less than a minute ago, for the user as they are now."""
        until = self._until.get(_digest(shown, key))
        return until is not None and now < until

    def remember(self, shown: VerifiedPassword, key: bytes, now: datetime) -> None:
        """Remember a password that was just verified."""
        with self._lock:
            kept = {digest: until for digest, until in self._until.items() if now < until}
            self._until = {**dict(list(kept.items())[-MOST + 1 :]), _digest(shown, key): now + REMEMBERED}


def _digest(shown: VerifiedPassword, key: bytes) -> bytes:
    parts = (shown.user, str(shown.version), shown.kept, shown.password)
    hashed = (sha256(part.encode("utf-8", "surrogatepass")).digest() for part in parts)
    return hmac.new(key, b"".join(hashed), sha256).digest()
