"""What uploads and downloads share: progress, retries and timeouts.

Files go to and from the addresses that the API gives out, without our token: `upload` and `download` transfer them.
"""

from __future__ import annotations

from collections.abc import Callable

from urllib3 import Timeout

Progress = Callable[[int, int], None]
"""Called with the bytes transferred and their total; may raise to cancel."""

Sleep = Callable[[float], None]
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each retry without progress: a minute in all."""

BUSY = frozenset({408, 429, 500, 502, 503, 504})
TIMEOUT = Timeout(connect=10.0, read=60.0)


class TransferError(Exception):
    """A file could not be transferred. The message omits the address, which is a secret."""


class ExpiredError(TransferError):
    """The address is not valid, or no longer; a new one may be."""


class GoneError(TransferError):
    """The store has nothing at this address."""


def silent(_: int, __: int) -> None:
    """Ignore progress."""


def refusal(status: int, what: str) -> TransferError:
    """Return the error for a refusal of the store. what: the transfer."""
    kinds: dict[int, type[TransferError]] = {401: ExpiredError, 403: ExpiredError, 404: GoneError}
    return kinds.get(status, TransferError)(f"the {what} broke off: the store answers {status}")
