"""The Lambda behind the queues `events` and `timers`: moves runs, looks at jobs; a run's batch is one commit."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import SOON, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import AttemptDelivery, Happened, LookAtJob, LookAtRun, PerformExternalCall
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.jobs.lease_expiry import look_at_job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import advance_run, is_gone
from chalicelib.use_cases.runs.outgoing_calls import perform_external_call

RIVALRY = timedelta(seconds=2)
"""A rival is soon done, and a message that failed comes again after a second; a batch has 30 s for all its runs."""


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Work a batch off."""
    return work_off(wiring.ports(), event)


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """The messages that failed, and those of their run that follow, which come again."""
    groups: dict[str, list[Record]] = {}
    for record in records_of(event):
        # Other runs' messages may stand between those of one.
        groups.setdefault(record.group or record.id, []).append(record)
    failed = (one for group in groups.values() for one in _group_failures(ports, group))
    return come_again(ports.queue, failed, SOON)


def _group_failures(ports: Ports, records: Sequence[Record]) -> Sequence[Record]:
    """Those to see again: none, or, after the fold of all has failed, from the first that fails alone."""
    if len(records) > 1 and attempt(lambda: _at_once(ports, records), records=str(len(records))):
        return []
    for place, record in enumerate(records):
        if not attempt(partial(_at_once, ports, (record,)), of=record.id):
            return records[place:]
    return []


def _at_once(ports: Ports, records: Sequence[Record]) -> None:
    """Fold what happened to each run in one commit, in order."""
    told: dict[str, list[Event]] = {}
    for message in (read(record.body) for record in records):
        match message:
            case Happened():
                told.setdefault(message.run, []).extend(message.events)
            case LookAtRun():
                told.setdefault(message.run, [])
            case LookAtJob():
                look_at_job(ports, message.job)
            case PerformExternalCall():
                perform_external_call(ports, message.run, message.effect)
            case AttemptDelivery():
                raise TypeError(f"{message.delivery} does not belong in this queue")
    for run, events in told.items():
        retry_on_conflict(ports, partial(_advance, ports, run, events), patience=RIVALRY)


def _advance(ports: Ports, run: str, events: Sequence[Event]) -> None:
    """Fold what happened, unless the run was removed with its project: then nobody waits for it."""
    try:
        advance_run(ports, run, events)
    except NotFound:
        if not is_gone(ports, run):
            raise
