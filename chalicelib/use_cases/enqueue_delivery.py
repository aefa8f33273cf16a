"""Enqueue a pending delivery right after it was stored. Apart from deliver.py, as the API may not deliver itself."""

from contextlib import suppress
from typing import assert_never

from chalicelib.kernel.faults import Fault
from chalicelib.kernel.releases.delivery import EventCall, HookCall, PackageCheck, PendingDelivery, UploadNotice
from chalicelib.use_cases.ports.bundle import Ports


def enqueue_delivery(ports: Ports, delivery: PendingDelivery) -> None:
    """Schedule the delivery for when it is due. If that fails, the sweep finds it."""
    with suppress(Fault):
        is_check = isinstance(delivery.what, PackageCheck)
        schedule = ports.queue.schedule_package_check if is_check else ports.queue.schedule_delivery
        schedule(delivery.id, delivery.due_at, _turn(delivery.what))


def _turn(what: UploadNotice | HookCall | PackageCheck | EventCall) -> str:
    """Return on whose behalf who is called, so that a receiver that hangs is before no other one."""
    match what:
        case HookCall(namespace=namespace, application=application, kind=kind):
            return f"{what.project} {namespace}/{application} {kind}"
        case EventCall(subscription=webhook):
            return f"{what.project} {webhook}"
        case UploadNotice() | PackageCheck():
            return what.project
        case _:
            assert_never(what)
