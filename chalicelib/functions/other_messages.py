"""What messages of the queues `events` and `timers` ask for that are not about one run alone."""

from collections.abc import Sequence
from datetime import timedelta

from chalicelib.kernel.engine.message import (
    DispatchEvents,
    GiveBuiltVersion,
    HappenedToEach,
    LookAtJob,
    LookAtSuspension,
    LookAtTrain,
    LookAtWorkload,
    Message,
    PerformExternalCall,
)
from chalicelib.use_cases.jobs.lease_expiry import look_at_job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.outgoing_calls import perform_external_call
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.trains.pause_runs import pause_as_train_says
from chalicelib.use_cases.travel.built_versions import give_built_version
from chalicelib.use_cases.travel.scheduled_builds import build_on_schedule
from chalicelib.use_cases.workloads.look import look_at_workload

DISPATCHING = timedelta(seconds=10)
"""How long what occurred is sent to webhooks by one message, of the 30 s of a batch; the rest is left to the sweep."""


def work_on(ports: Ports, messages: Sequence[Message]) -> None:
    """Do what the messages ask for, in their order; send what occurred last, once, however many have asked for it."""
    for message in messages:
        if not isinstance(message, DispatchEvents):
            _perform(ports, message)
    if any(isinstance(message, DispatchEvents) for message in messages):
        dispatch_events(ports, ports.clock.now() + DISPATCHING)


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
