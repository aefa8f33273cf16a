"""The Lambda behind the queue `effects`: calls other systems on behalf of runs."""

from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import Record, attempt, failures, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.message import PerformOutward
from chalicelib.use_cases.perform_outward import perform_outward
from chalicelib.use_cases.ports import Ports


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Perform each effect of a batch."""
    return work_off(wiring.ports(), event)


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """The messages whose effect failed, which come again."""
    records = records_of(event)
    return failures(one.id for one in records if not attempt(partial(_perform, ports, one), of=one.id))


def _perform(ports: Ports, record: Record) -> None:
    message = read(record.body)
    if not isinstance(message, PerformOutward):
        raise TypeError(f"a {type(message).__name__} does not belong in this queue")
    perform_outward(ports, message.run, message.effect)
