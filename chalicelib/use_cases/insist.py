"""Doing again what read something and wrote it back, where somebody else was faster in between."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.ports import Ports

ATTEMPTS = 4
LONGEST_PAUSE = 0.05
"""Seconds between two attempts, so that rivals part."""

Answer = TypeVar("Answer")


def insist(ports: Ports, act: Callable[[], Answer]) -> Answer:
    """What the act answers, tried again three times while what it read goes stale. Faults: its own, then Stale."""
    for _ in range(ATTEMPTS - 1):
        try:
            return act()
        except Stale:
            ports.world.pause(LONGEST_PAUSE)
    return act()
