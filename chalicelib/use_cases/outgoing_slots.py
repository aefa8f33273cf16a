"""Limits of calls to other systems, counted over all processes: what hangs or is slow leaves the others their turn.

A system has so many slots, of which a project may hold some. One that was slow lately shares others with all that were
slow, of which it may hold some, and a project some of those: so all of them together leave half of those who call to
the rest.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from chalicelib.kernel.faults import Fault, Unavailable
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.call_slots import Full, Slot

FULL = "too many calls are open at once"

OF_A_SYSTEM, OF_A_PROJECT = 12, 8
OF_ALL_SLOW, OF_A_SLOW_SYSTEM, OF_A_PROJECT_THERE = 10, 4, 3
"""Calls open at once. There are 20 functions on AWS that call, and 24 threads on one machine."""

ALL_SLOW = "slow"
"""What the slots are of that slow systems share. No address is called so: each has a port."""

LONGEST_NAME = 253
"""Characters of a host: no longer one is in the DNS."""

MAIL = "mail"
"""What the slots are of whoever takes mail."""

SLOW = timedelta(seconds=1)
SLOW_FOR = timedelta(minutes=1)
"""How long a call takes that is slow, and for how long its system counts as slow then."""

PATIENCE = timedelta(seconds=0.25)
LONGEST_PAUSE = 0.1
"""How long a call waits for a slot of a system that is quick, and seconds between two looks."""


@contextlib.contextmanager
def slot_for(ports: Ports, system: str, project: str) -> Iterator[None]:
    """Hold a slot of a system while it is called on behalf of a project. Faults: Unavailable, if too many are held."""
    whose = f"{system} {project}"
    with _held(ports, system, _some_of(range(OF_A_SYSTEM), OF_A_PROJECT, whose)) as slot:
        if not slot.is_slow:
            yield
            return
        of_system = _some_of(range(OF_ALL_SLOW), OF_A_SLOW_SYSTEM, system)
        with _held(ports, ALL_SLOW, _some_of(of_system, OF_A_PROJECT_THERE, whose)):
            yield


def system_at(url: str) -> str:
    """Return what is called at a URL: its host and port; blank if that is no address."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname[:LONGEST_NAME]}:{parts.port or parts.scheme}" if parts.hostname else ""
    except ValueError:
        return ""


def _some_of(numbers: Sequence[int], most: int, whose: str) -> list[int]:
    """Return the slots that somebody may hold: always the same ones, and of another one mostly others."""
    return sorted(numbers, key=lambda number: sha256(f"{whose} {number}".encode()).digest())[:most]


@contextlib.contextmanager
def _held(ports: Ports, of: str, numbers: list[int]) -> Iterator[Slot]:
    slot = _taken(ports, of, numbers)
    try:
        yield slot
    finally:
        now = ports.clock.now()
        # If it cannot be left, it is free when it has been held for too long.
        with contextlib.suppress(Fault):
            ports.call_slots.free(slot, now + SLOW_FOR if now - slot.since >= SLOW else None)


def _taken(ports: Ports, of: str, numbers: list[int]) -> Slot:
    began, holder = ports.clock.now(), ports.ids.identifier()
    # Whoever comes beside another one begins with another slot.
    in_turn = sorted(numbers, key=lambda number: sha256(f"{holder} {number}".encode()).digest())
    while isinstance(found := ports.call_slots.take(of, in_turn, holder, ports.clock.now()), Full):
        now = ports.clock.now()
        if found.is_slow or now - found.newest >= SLOW or now - began >= PATIENCE:
            raise Unavailable(FULL)
        ports.clock.pause(LONGEST_PAUSE)
    return found
