"""Make pending deliveries to external addresses: one process at a time; retried when they fail, then given up.

At least once: a crash during an attempt leaves the delivery due, and a call has the same id each time.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import assert_never

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import NotFound, Stale, Unavailable
from chalicelib.kernel.releases.delivery import (
    EventCall,
    HookCall,
    PackageCheck,
    PendingDelivery,
    UploadNotice,
    is_broken_off,
    put_off,
    taken,
)
from chalicelib.kernel.subscriptions.subscription import GONE
from chalicelib.use_cases.enqueue_delivery import enqueue_delivery
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.releases.call_hooks import call_hook, calls_after
from chalicelib.use_cases.subscriptions.call import call_webhook, note_call
from slipway_formats.release_id import of_version

BROKE_OFF = "broke off again and again"


def attempt_delivery(ports: Ports, delivery_id: str) -> None:
    """Attempt the delivery if it is due and no other process has it."""
    now, delivery = ports.clock.now(), ports.outbox.find(delivery_id)
    if delivery is None or delivery.due_at > now:
        return None
    if isinstance(delivery.what, PackageCheck):  # the sweep found it: it has a queue of its own
        return enqueue_delivery(ports, delivery)
    if is_broken_off(delivery):
        return _give_up(ports, delivery, Called(status=0, text=BROKE_OFF), BROKE_OFF)
    try:
        claimed = ports.outbox.save(taken(delivery, now))
    except Stale:
        return None
    match claimed.what:
        case UploadNotice() as notice:
            return _settle_notice(ports, claimed, calls_after(ports, claimed, notice))
        case HookCall() | EventCall():
            return _call(ports, claimed)
        case PackageCheck():
            return None
        case _:
            assert_never(claimed.what)


def _settle_notice(ports: Ports, delivery: PendingDelivery, calls: Sequence[PendingDelivery]) -> None:
    ports.outbox.settle(delivery.id, calls)
    for call in calls:
        enqueue_delivery(ports, call)


def _call(ports: Ports, delivery: PendingDelivery) -> None:
    called = _called(ports, delivery)
    if called is None or called.went_well:
        _note(ports, delivery, called)
        return ports.outbox.settle(delivery.id)
    now = ports.clock.now()
    later = None if called.status == GONE else put_off(delivery, now)
    if later is None:
        return _give_up(ports, delivery, called, called.said)
    _note(ports, delivery, called, later)
    with suppress(Stale):  # it took so long that another process has claimed it
        enqueue_delivery(ports, ports.outbox.save(later))
    return None


def _called(ports: Ports, delivery: PendingDelivery) -> Called | None:
    try:
        match delivery.what:
            case HookCall() as call:
                return call_hook(ports, delivery, call)
            case EventCall() as call:
                return call_webhook(ports, delivery, call)
            case _:
                raise TypeError(f"a {type(delivery.what).__name__} is no call")
    except (NotFound, Unavailable) as fault:
        return Called(status=0, text=fault.message)


def _note(ports: Ports, delivery: PendingDelivery, called: Called | None, later: PendingDelivery | None = None) -> None:
    """Keep what became of an event's call. Of hooks the audit log has what was given up."""
    if isinstance(delivery.what, EventCall):
        note_call(ports, delivery.what, called, later.due_at if later is not None else None)


def _give_up(ports: Ports, delivery: PendingDelivery, called: Called, why: str) -> None:
    if isinstance(delivery.what, EventCall):
        _note(ports, delivery, called)
        ports.outbox.settle(delivery.id)
    else:
        ports.outbox.give_up(delivery.id, _given_up(ports, delivery, why))


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


def _subject(what: UploadNotice | HookCall | PackageCheck | EventCall) -> str:
    match what:
        case UploadNotice(release=key) | PackageCheck(notice=UploadNotice(release=key)):
            return of_version(key.namespace, key.application, key.version)
        case HookCall(namespace=namespace, application=application, kind=kind):
            return f"{'/'.join(filter(None, (namespace, application)))} {kind}"
        case EventCall(subscription=webhook, event=event):
            return f"event {event} to webhook {webhook}"
        case _:
            assert_never(what)
