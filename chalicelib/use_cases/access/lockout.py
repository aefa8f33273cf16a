"""Failed-login throttle: count wrong secrets by name. The limits are in kernel/access/lockout.py."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.lockout import MOST_WRONG, rest_of_window, window_of
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Limited, Unauthenticated
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LONGEST_SHOWN = 100
"""Characters of a name in the audit log, as the caller chooses it."""


@frozen
class Attempt:
    """A secret presented for a name. seed: of the request, as in Origin; empty if it has none."""

    name: str
    at: datetime
    seed: str = ""


def verify_with_lockout(ports: Ports, attempt: Attempt, prove: Callable[[], Principal]) -> Principal:
    """Verify with `prove` and return its principal; count and audit a failure against the name even if no such account
    exists, so that names cannot be probed.

    Faults: Unauthenticated; Limited, without verifying, after too many failures.
    """
    if ports.access.wrong_secrets(attempt.name, attempt.at) >= MOST_WRONG:
        raise Limited("too many wrong secrets for this name", rest_of_window(attempt.at))
    try:
        return prove()
    except Unauthenticated:
        count = ports.access.add_wrong_secret(attempt.name, attempt.at)
        _write_audit(ports, attempt, "failed-login", attempt.seed[:32] or ports.ids.identifier())
        if count >= MOST_WRONG:
            _write_audit(ports, attempt, "locked-out", str(window_of(attempt.at)))
        raise


def _write_audit(ports: Ports, attempt: Attempt, act: str, which: str) -> None:
    """Write an audit entry. which: distinguishes it from others of the same act and name."""
    digest = sha256(attempt.name.lower().encode("utf-8", "surrogatepass")).hexdigest()[:32]
    shown = "".join(letter if letter.isprintable() else "?" for letter in attempt.name[:LONGEST_SHOWN])
    ports.audits.write(AuditEntry(id=f"{which}/{act}/{digest}", at=attempt.at, by="", act=act, subject=shown))
