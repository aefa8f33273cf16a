"""The port for JWTs that another system has issued."""

from datetime import datetime
from typing import Protocol

from slipway_formats.frozen import frozen


@frozen
class Claims:
    """What a JWT claims, its issuer verified and its time not over. subject: a mail address."""

    subject: str
    issued_at: datetime


class Issuer(Protocol):
    """The outside issuer, whom the installation believes who somebody is; there may be none."""

    def find_claims(self, jwt: str, now: datetime) -> Claims | None:
        """Return what a JWT of the issuer's claims; None for any that is worth nothing, whatever is wrong with it.

        Faults: Unavailable, if the issuer's keys cannot be fetched.
        """
