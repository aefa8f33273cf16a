"""Counting wrong secrets, so that nobody tries one after the other. How many: kernel/access/lockout.py."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.kernel.access.lockout import MOST_WRONG, rest_of_window
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Limited, Unauthenticated
from chalicelib.use_cases.ports.bundle import Ports


def verify_with_lockout(ports: Ports, name: str, now: datetime, prove: Callable[[], Principal]) -> Principal:
    """Whom the proof finds; a wrong one counts against the name, whether somebody has it or not.

    Faults: Unauthenticated; Limited, without looking at the proof, when there were too many.
    """
    if ports.access.wrong_secrets(name, now) >= MOST_WRONG:
        raise Limited("too many wrong secrets for this name", rest_of_window(now))
    try:
        return prove()
    except Unauthenticated:
        ports.access.add_wrong_secret(name, now)
        raise
