"""The Lambda of the queue `checks`: reads large packages after their upload."""

from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import Pauses, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.message import AttemptDelivery
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.check_uploaded import attempt_check

PAUSES = Pauses(first=5, longest=60)


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Process a batch."""
    return work_off(wiring.ports(), event)


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """Process a batch and return its failures for redelivery."""
    failed = (one for one in records_of(event) if not attempt(partial(_check, ports, one), of=one.id))
    return come_again(ports.queue, failed, PAUSES)


def _check(ports: Ports, record: Record) -> None:
    match read(record.body):
        case AttemptDelivery(delivery=delivery_id):
            attempt_check(ports, delivery_id)
        case other:
            raise TypeError(f"a {type(other).__name__} does not belong in this queue")
