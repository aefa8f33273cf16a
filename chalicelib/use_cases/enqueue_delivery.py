"""Enqueue a pending delivery right after it was stored. Apart from deliver.py, as the API may not deliver itself."""

from contextlib import suppress

from chalicelib.kernel.faults import Fault
from chalicelib.kernel.releases.delivery import PackageCheck, PendingDelivery, turn_of
from chalicelib.use_cases.ports.bundle import Ports


def enqueue_delivery(ports: Ports, delivery: PendingDelivery) -> None:
    """Schedule the delivery for when it is due. If that fails, the sweep finds it."""
    with suppress(Fault):
        is_check = isinstance(delivery.what, PackageCheck)
        schedule = ports.queue.schedule_package_check if is_check else ports.queue.schedule_delivery
        schedule(delivery.id, delivery.due_at, turn_of(delivery.what))
