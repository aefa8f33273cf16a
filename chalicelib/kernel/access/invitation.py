"""Invitations of people who have no password yet: by one they choose it, once. Only the hash of its secret is stored.

The text is the person's name, a dot, and a secret in the form of a token, so that secret scanners know it.
"""

import hmac
from datetime import datetime, timedelta

from chalicelib.kernel.access.token import digest_of, is_well_formed, text_of
from slipway_formats.frozen import frozen

SHORTEST, USUAL, LONGEST = timedelta(minutes=5), timedelta(days=7), timedelta(days=30)


@frozen
class Invitation:
    """The stored record of an invitation. digest: SHA-256 of its secret, hexadecimal."""

    digest: str
    expires_at: datetime


def invitation_text(name: str, secret: str) -> str:
    """Return the text of an invitation. secret: an unguessable text; it cannot be derived from the invitation."""
    return f"{name}.{text_of(secret)}"


def parts_of(text: str) -> tuple[str, str] | None:
    """Return whose invitation a text is, and its secret; None if it is none."""
    name, dot, secret = text.strip().rpartition(".")
    return (name, secret) if dot and is_well_formed(secret) else None


def invitation_of(text: str, expires_at: datetime) -> Invitation:
    """Return the record of an invitation."""
    return Invitation(digest=digest_of(text.rpartition(".")[2]), expires_at=expires_at)


def opens(invitation: Invitation | None, secret: str, now: datetime) -> bool:
    """Return True if the secret is that of the invitation, which has not expired."""
    if invitation is None or now >= invitation.expires_at:
        return False
    return hmac.compare_digest(invitation.digest, digest_of(secret))
