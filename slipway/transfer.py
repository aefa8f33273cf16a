"""What moving files has in common, up or down: who watches, what may be tried again, and how long is waited for it.

Files go to and from the addresses that the API gives out, without our token: `upload` and `download` move them.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

Progress = Callable[[int, int], None]
"""Told how many bytes have been moved, and of how many; may raise, to break off."""

Sleep = Callable[[float], None]
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds before each further try of what does not come forward: a minute in all."""

BUSY = frozenset({408, 429, 500, 502, 503, 504})
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class TransferError(Exception):
    """A file could not be moved; the message says where it stopped, without the address, which is a secret."""


class ExpiredError(TransferError):
    """The address does not hold, or no more: another may."""


class GoneError(TransferError):
    """The store knows nothing of what is at this address."""


def silent(_: int, __: int) -> None:
    """The progress that nobody watches."""


def store_client(*, follows: bool = False) -> httpx.Client:
    """What asks the store. Safe for threads; close it when done. follows: to where the store sends on."""
    return httpx.Client(timeout=_TIMEOUT, follow_redirects=follows)


def named(error: httpx.TransportError) -> str:
    """What broke off, in words."""
    return str(error) or type(error).__name__


def refusal(status: int, what: str) -> TransferError:
    """The error that the store's refusal means. what: the transfer."""
    kinds: dict[int, type[TransferError]] = {401: ExpiredError, 403: ExpiredError, 404: GoneError}
    return kinds.get(status, TransferError)(f"the {what} broke off: the store answers {status}")
