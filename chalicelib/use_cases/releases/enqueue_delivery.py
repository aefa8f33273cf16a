"""Ask that a pending delivery be made right after it was promised. Apart from deliver.py: the API may not deliver."""

from contextlib import suppress

from chalicelib.kernel.faults import Fault
from chalicelib.kernel.releases.delivery import PendingDelivery
from chalicelib.use_cases.ports.bundle import Ports


def enqueue_delivery(ports: Ports, owed: PendingDelivery) -> None:
    """Have it performed when it is due. Where that cannot be asked for now, a sweep finds it."""
    with suppress(Fault):
        ports.queue.schedule_delivery(owed.id, owed.due_at)
