"""Doing again what read something and wrote it back, where somebody else was faster in between."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.ports import Ports

ATTEMPTS = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.4
"""Seconds at most between two attempts, doubled with each, so that even ten rivals part: 2 s in all at the worst."""

Answer = TypeVar("Answer")


def insist(ports: Ports, act: Callable[[], Answer]) -> Answer:
    """What the act answers, tried again while what it read goes stale, 8 times in all. Faults: its own, then Stale."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return act()
        except Stale:
            ports.world.pause(min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE))
    return act()
