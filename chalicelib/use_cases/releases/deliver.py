"""Make pending deliveries to external addresses: one process at a time; retried when they fail, then given up.

At least once: a crash during an attempt leaves the delivery due, and a call has the same id each time.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import assert_never

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound, Stale, Unavailable
from chalicelib.kernel.releases.delivery import (
    MOST_ATTEMPTS,
    HookCall,
    PackageCheck,
    PendingDelivery,
    UploadNotice,
    put_off,
    taken,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.releases.call_hooks import call_hook, calls_after
from chalicelib.use_cases.releases.enqueue_delivery import enqueue_delivery
from slipway_formats.release_id import of_version

GONE = 410
"""The status by which an address unsubscribes. Source: Standard Webhooks."""


def attempt_delivery(ports: Ports, delivery_id: str) -> None:
    """Attempt the delivery if it is due and no other process has it."""
    now, delivery = ports.clock.now(), ports.outbox.find(delivery_id)
    if delivery is None or delivery.due_at > now:
        return None
    if isinstance(delivery.what, PackageCheck):  # the sweep found it: it has a queue of its own
        return enqueue_delivery(ports, delivery)
    if delivery.attempts >= MOST_ATTEMPTS:
        return ports.outbox.give_up(delivery.id, _given_up(ports, delivery, "broke off again and again"))
    try:
        claimed = ports.outbox.save(taken(delivery, now))
    except Stale:
        return None
    match claimed.what:
        case UploadNotice() as notice:
            return _settle_notice(ports, claimed, calls_after(ports, claimed, notice))
        case HookCall() as call:
            return _call(ports, claimed, call)
        case PackageCheck():
            return None
        case _:
            assert_never(claimed.what)


def _settle_notice(ports: Ports, delivery: PendingDelivery, calls: Sequence[PendingDelivery]) -> None:
    ports.outbox.settle(delivery.id, calls)
    for call in calls:
        enqueue_delivery(ports, call)


def _call(ports: Ports, delivery: PendingDelivery, call: HookCall) -> None:
    called = _called(ports, delivery, call)
    if called is None or called.went_well:
        return ports.outbox.settle(delivery.id)
    now = ports.clock.now()
    later = None if called.status == GONE else put_off(delivery, now)
    if later is None:
        return ports.outbox.give_up(delivery.id, _given_up(ports, delivery, called.said))
    with suppress(Stale):  # it took so long that another process has claimed it
        enqueue_delivery(ports, ports.outbox.save(later))
    return None


def _called(ports: Ports, delivery: PendingDelivery, call: HookCall) -> Called | None:
    try:
        return call_hook(ports, delivery, call)
    except (NotFound, Unavailable) as fault:
        return Called(status=0, text=fault.message)


def _given_up(ports: Ports, delivery: PendingDelivery, why: str) -> AuditEntry:
    return AuditEntry(
        id=f"{delivery.id}/hook-given-up",
        at=ports.clock.now(),
        by="slipway",
        act="hook-given-up",
        subject=_subject(delivery.what),
        project=delivery.what.project,
        notes=why,
        details={"attempts": str(delivery.attempts)},
    )


def _subject(what: UploadNotice | HookCall | PackageCheck) -> str:
    match what:
        case UploadNotice(release=key) | PackageCheck(notice=UploadNotice(release=key)):
            return of_version(key.namespace, key.application, key.version)
        case HookCall(namespace=namespace, application=application, kind=kind):
            return f"{'/'.join(filter(None, (namespace, application)))} {kind}"
        case _:
            assert_never(what)
