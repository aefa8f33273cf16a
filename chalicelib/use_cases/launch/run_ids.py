"""Ids of requested runs and definitions: derived from the request, so that repeating it creates nothing new."""

from datetime import timedelta

from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports

KEPT = timedelta(hours=24)
FRESH = 26
"""Characters of a seed that is an id by itself, sorting by time; the seed of a request with an idempotency key is
longer.
"""


def run_id_for(ports: Ports, origin: Origin) -> str:
    """Return the id of the run that a request starts: the same for a repetition with the same key; it sorts by time."""
    if len(origin.seed) <= FRESH:
        return origin.seed
    return claimed_run_id(ports, origin.seed, KEPT)


def claimed_run_id(ports: Ports, key: str, kept: timedelta) -> str:
    """Return a run id that is the same for everybody who claims one under the key, as long as it is kept."""
    fresh, now = ports.ids.identifier(), ports.clock.now()
    return ports.idempotency.claim(f"run/{key}", fresh, now=now, until=now + kept) or fresh


def definition_id_for(origin: Origin) -> str:
    """Return the id of the definition that a request creates: the same for a repetition with the same key."""
    return origin.seed[:FRESH]
