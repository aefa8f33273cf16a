"""Performing what is owed to other people's addresses: by one process at a time; put off when it fails, later given up.

At least once: whoever dies in an attempt leaves it due, and the id of a call is the same each time.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import assert_never

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound, Stale, Unavailable
from chalicelib.kernel.releases.delivery import MOST_ATTEMPTS, HookCall, PendingDelivery, UploadNotice, put_off, taken
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.releases.call_hooks import call_hook, calls_after
from chalicelib.use_cases.releases.enqueue_delivery import enqueue_delivery
from slipway_formats.release_id import of_version

GONE = 410
"""By which an address says that it wants to hear nothing more. Source: Standard Webhooks."""


def attempt_delivery(ports: Ports, delivery_id: str) -> None:
    """Try what is owed, if it is due and nobody else is at it."""
    now, owed = ports.clock.now(), ports.outbox.find(delivery_id)
    if owed is None or owed.due_at > now:
        return None
    if owed.attempts >= MOST_ATTEMPTS:
        return ports.outbox.give_up(owed.id, _given_up(ports, owed, "broke off again and again"))
    try:
        mine = ports.outbox.save(taken(owed, now))
    except Stale:
        return None
    match mine.what:
        case UploadNotice() as notice:
            return _follow(ports, mine, calls_after(ports, mine, notice))
        case HookCall() as call:
            return _call(ports, mine, call)
        case _:
            assert_never(mine.what)


def _follow(ports: Ports, owed: PendingDelivery, calls: Sequence[PendingDelivery]) -> None:
    ports.outbox.settle(owed.id, calls)
    for call in calls:
        enqueue_delivery(ports, call)


def _call(ports: Ports, owed: PendingDelivery, call: HookCall) -> None:
    called = _called(ports, owed, call)
    if called is None or called.went_well:
        return ports.outbox.settle(owed.id)
    now = ports.clock.now()
    later = None if called.status == GONE else put_off(owed, now)
    if later is None:
        return ports.outbox.give_up(owed.id, _given_up(ports, owed, called.said))
    with suppress(Stale):  # it took so long that somebody else has taken it over
        enqueue_delivery(ports, ports.outbox.save(later))
    return None


def _called(ports: Ports, owed: PendingDelivery, call: HookCall) -> Called | None:
    try:
        return call_hook(ports, owed, call)
    except (NotFound, Unavailable) as fault:
        return Called(status=0, text=fault.message)


def _given_up(ports: Ports, owed: PendingDelivery, why: str) -> AuditEntry:
    return AuditEntry(
        id=f"{owed.id}/hook-given-up",
        at=ports.clock.now(),
        by="slipway",
        act="hook-given-up",
        subject=_subject(owed.what),
        project=owed.what.project,
        notes=why,
        details={"attempts": str(owed.attempts)},
    )


def _subject(what: UploadNotice | HookCall) -> str:
    match what:
        case UploadNotice(release=key):
            return of_version(key.namespace, key.application, key.version)
        case HookCall(namespace=namespace, application=application, kind=kind):
            return f"{'/'.join(filter(None, (namespace, application)))} {kind}"
        case _:
            assert_never(what)
