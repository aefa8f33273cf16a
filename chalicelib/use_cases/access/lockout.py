"""Failed-login throttle: count wrong secrets by name. The limits are in kernel/access/lockout.py."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.kernel.access.lockout import MOST_WRONG, rest_of_window
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Limited, Unauthenticated
from chalicelib.use_cases.ports.bundle import Ports


def verify_with_lockout(ports: Ports, name: str, now: datetime, prove: Callable[[], Principal]) -> Principal:
    """Verify with `prove` and return its principal; count a failure against `name` even if no such account exists, so
    that names cannot be probed.

    Faults: Unauthenticated; Limited, without verifying, after too many failures.
    """
    if ports.access.wrong_secrets(name, now) >= MOST_WRONG:
        raise Limited("too many wrong secrets for this name", rest_of_window(now))
    try:
        return prove()
    except Unauthenticated:
        ports.access.add_wrong_secret(name, now)
        raise
