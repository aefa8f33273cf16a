"""Report the end of a lease, with retries until the platform accepts it or the lease is lost."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from slipway.client_error import ApiError
from slipway.runner.job_records import Ending, Lease, Want
from slipway.runner.jobs import JobsApi, LeaseLostError
from slipway.runner.leases.held import Held
from slipway.runner.verdict import one_line

_PAUSES = (0.1, 1.0)
_DOUBTS = 3
_REFUSED = frozenset({400, 413, 422})


def nonce() -> str:
    """An unguessable nonce for one call."""
    return secrets.token_urlsafe(24)


def finish(api: JobsApi, held: Held, ending: Ending, want: Want | None) -> list[Lease] | None:
    """Report the end; return new leases, or None if the platform no longer accepts it."""
    own, pauses, doubts = nonce(), _PAUSES[0], 0
    while not held.lost.is_set() and doubts < _DOUBTS:
        try:
            return api.finish(held.lease, ending, own, want)
        except LeaseLostError:
            doubts += 1
        except ApiError as error:
            if error.status in _REFUSED:
                ending, doubts = Ending(outcome="broken", reason=one_line(f"its end was refused: {error}")), doubts + 1
        held.lost.wait(pauses)
        pauses = min(pauses * 2, _PAUSES[1])
    return None


def hand_back(api: JobsApi, held: Held, say: Callable[[str], None]) -> None:
    """Return the lease to the platform, as far as it answers."""
    for _ in range(_DOUBTS):
        try:
            api.hand_back(held.lease)
        except LeaseLostError as error:
            say(f"{held.name}: not handed back: {error}")
            return
        except ApiError:
            held.lost.wait(_PAUSES[0])
        else:
            return
