"""The run that somebody asks for: under an id of the ask's own, so that repeating the ask begins no other."""

from datetime import timedelta

from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports

KEPT = timedelta(hours=24)
FRESH = 26
"""Characters of a seed that is an id of its own, sorting by time; the seed of a keyed ask is longer."""


def run_id_for(ports: Ports, origin: Origin) -> str:
    """The id of the run that an ask begins: the same when the ask is repeated under its key, sorting by time."""
    if len(origin.seed) <= FRESH:
        return origin.seed
    fresh, now = ports.ids.identifier(), ports.clock.now()
    return ports.idempotency.claim(f"run/{origin.seed}", fresh, now=now, until=now + KEPT) or fresh


def definition_id_for(origin: Origin) -> str:
    """The id of the definition that an ask makes: the same when the ask is repeated under its key."""
    return origin.seed[:FRESH]
