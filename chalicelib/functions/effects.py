"""The Lambda of the queue `effects`: calls other systems for runs, and makes pending deliveries."""

from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import Pauses, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.message import AttemptDelivery, PerformExternalCall
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.deliver import attempt_delivery
from chalicelib.use_cases.runs.advance import is_gone
from chalicelib.use_cases.runs.outgoing_calls import perform_external_call

PAUSES = Pauses(first=5, longest=60)
"""Another system may be down for a while: it is called for 15 minutes, some twenty times."""


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Process a batch."""
    return work_off(wiring.ports(), event)


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """Process a batch and return its failures for redelivery."""
    failed = (one for one in records_of(event) if not attempt(partial(_perform, ports, one), of=one.id))
    return come_again(ports.queue, failed, PAUSES)


def _perform(ports: Ports, record: Record) -> None:
    match read(record.body):
        case PerformExternalCall(run=run, effect=effect):
            _call(ports, run, effect)
        case AttemptDelivery(delivery=delivery_id):
            attempt_delivery(ports, delivery_id)
        case other:
            raise TypeError(f"a {type(other).__name__} does not belong in this queue")


def _call(ports: Ports, run: str, effect: Effect) -> None:
    """Call the other system, unless the run was removed with its project."""
    try:
        perform_external_call(ports, run, effect)
    except NotFound:
        if not is_gone(ports, run):
            raise
