"""The Lambda of the queues `events` and `timers`: advances runs and checks jobs; a run's batch is one commit."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import SOON, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import Happened, LookAtRun, Message
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import advance_run, is_gone

CONFLICT_PATIENCE = timedelta(seconds=2)
"""Concurrent commits are short, and a failed message returns after a second; a batch has 30 s for all its runs."""


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Process a batch of messages from queue `events` or `timers`."""
    return work_off(wiring.ports(), event)


def work_off(ports: Ports, event: dict[str, Any]) -> dict[str, Any]:
    """Process a batch and return its failures, each with the later messages of its run, for redelivery."""
    groups: dict[str, list[Record]] = {}
    for record in records_of(event):
        # Other runs' messages may stand between those of one.
        groups.setdefault(record.group or record.id, []).append(record)
    failed = (one for group in groups.values() for one in _group_failures(ports, group))
    return come_again(ports.queue, failed, SOON)


def _group_failures(ports: Ports, records: Sequence[Record]) -> Sequence[Record]:
    """Return the messages to redeliver: none, or, if folding all at once failed, from the first that fails alone."""
    if len(records) > 1 and attempt(lambda: _process(ports, records), records=str(len(records))):
        return []
    for place, record in enumerate(records):
        if not attempt(partial(_process, ports, (record,)), of=record.id):
            return records[place:]
    return []


def _process(ports: Ports, records: Sequence[Record]) -> None:
    """Fold the events of each run in order, in one commit, and work on what else there is."""
    events_of: dict[str, list[Event]] = {}
    others = list[Message]()
    for message in (read(record.body) for record in records):
        match message:
            case Happened():
                events_of.setdefault(message.run, []).extend(message.events)
            case LookAtRun():
                events_of.setdefault(message.run, [])
            case _:
                others.append(message)
    if others:
        from chalicelib.functions.other_messages import work_on

        work_on(ports, others)
    for run, events in events_of.items():
        retry_on_conflict(ports, partial(_advance, ports, run, events), patience=CONFLICT_PATIENCE)


def _advance(ports: Ports, run: str, events: Sequence[Event]) -> None:
    """Fold the events, unless the run was removed with its project."""
    try:
        advance_run(ports, run, events)
    except NotFound:
        if not is_gone(ports, run):
            raise
