"""Names of what was removed: projects, namespaces, and applications of the default namespace.

They are reserved for a while so that nobody else can pose as their owner.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.access.principal import Principal, is_admin
from chalicelib.kernel.faults import Forbidden
from chalicelib.use_cases.ports.bundle import Ports

RESERVED = timedelta(days=30)


class NameKind(StrEnum):
    """What a reserved name is of."""

    PROJECT = "project"
    NAMESPACE = "namespace"
    APPLICATION = "application"
    """In the default namespace, by its whole name."""


def reserve_name(ports: Ports, kind: NameKind, name: str, *, owner: str, now: datetime) -> None:
    """Reserve the name of something removed for its owner, a project; idempotent."""
    key, until = _key(kind, name), now + RESERVED
    held = ports.idempotency.claim(key, owner, now=now, until=until)
    if held not in (None, owner):
        ports.idempotency.finish(key, held, owner, until=until)


def refuse_reserved(ports: Ports, kind: NameKind, name: str, *, owner: str, by: Principal) -> None:
    """Require that the name is not reserved for another owner. An admin may use it all the same. Faults: Forbidden."""
    if is_admin(by):
        return
    held = ports.idempotency.find(_key(kind, name), now=ports.clock.now())
    if held not in (None, owner):
        raise Forbidden(
            f"{kind} {name} was removed within {RESERVED.days} days: only an admin gives its name to others"
        )


def _key(kind: NameKind, name: str) -> str:
    return f"removed/{kind}/{name}"
