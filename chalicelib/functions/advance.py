"""The Lambda of the queues `events` and `timers`: advances runs and checks jobs; a run's batch is one commit."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.functions.worker import SOON, Record, attempt, come_again, records_of
from chalicelib.gateways.queues import read
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import (
    DispatchEvents,
    GiveBuiltVersion,
    Happened,
    HappenedToEach,
    LookAtJob,
    LookAtRun,
    LookAtSuspension,
    LookAtTrain,
    LookAtWorkload,
    Message,
    PerformExternalCall,
)
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.jobs.lease_expiry import look_at_job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import advance_run, is_gone
from chalicelib.use_cases.runs.outgoing_calls import perform_external_call
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.trains.pause_runs import pause_as_train_says
from chalicelib.use_cases.travel.built_versions import give_built_version
from chalicelib.use_cases.travel.scheduled_builds import build_on_schedule
from chalicelib.use_cases.workloads.look import look_at_workload

DISPATCHING = timedelta(seconds=10)
"""How long what occurred is sent to webhooks by one message, of the 30 s of a batch; the rest is left to the sweep."""

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
    """Fold the events of each run in order, in one commit."""
    events_of: dict[str, list[Event]] = {}
    is_dispatching = False
    for message in (read(record.body) for record in records):
        match message:
            case Happened():
                events_of.setdefault(message.run, []).extend(message.events)
            case LookAtRun():
                events_of.setdefault(message.run, [])
            case DispatchEvents():
                is_dispatching = True
            case _:
                _perform(ports, message)
    if is_dispatching:
        # Once, however many have asked for it.
        dispatch_events(ports, ports.clock.now() + DISPATCHING)
    for run, events in events_of.items():
        retry_on_conflict(ports, partial(_advance, ports, run, events), patience=CONFLICT_PATIENCE)


def _perform(ports: Ports, message: Message) -> None:
    """Do what a message that is not about one run alone asks for."""
    match message:
        case HappenedToEach():
            ports.queue.enqueue_for_each(message.runs, message.events, message.key)
        case LookAtJob():
            look_at_job(ports, message.job)
        case LookAtWorkload():
            look_at_workload(ports, message.workload)
        case LookAtTrain():
            build_on_schedule(ports, message.train)
        case LookAtSuspension():
            pause_as_train_says(ports, message.train)
        case GiveBuiltVersion():
            give_built_version(ports, message.run)
        case PerformExternalCall():
            perform_external_call(ports, message.run, message.effect)
        case _:
            raise TypeError(f"{message} does not belong in this queue")


def _advance(ports: Ports, run: str, events: Sequence[Event]) -> None:
    """Fold the events, unless the run was removed with its project."""
    try:
        advance_run(ports, run, events)
    except NotFound:
        if not is_gone(ports, run):
            raise
