"""Begin runs of one definition after one another, where they go one at a time: in the order of their numbers."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from chalicelib.kernel.definitions.definition import ref_of, title
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.engine.effects import WHOLE_RUN
from chalicelib.kernel.engine.progress.locks import line_of, run_lock, stage_lock
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Concurrency, DefinitionRef, Plan
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.locks import Holder

LONGEST_TURN = timedelta(seconds=10)
"""After that whoever died while a run began holds up nobody."""

PATIENCE = timedelta(seconds=20)
PAUSE_SECONDS = 0.05

Answer = TypeVar("Answer")


def in_turn(ports: Ports, pipeline: PipelineDefinition, begin: Callable[[], Answer]) -> Answer:
    """Call `begin`, which begins a run of a pipeline: in line, if runs of it go one at a time."""
    return in_line(ports, ref_of(pipeline), begin) if pipeline.goes_singly else begin()


def again_in_turn(ports: Ports, plan: Plan, begin: Callable[[], Answer]) -> Answer:
    """Call `begin`, which begins a run that goes through stages of a plan again: in line, if a lock is asked for."""
    has_lock = plan.concurrency is Concurrency.QUEUE or any(stage_lock(plan, stage) for stage in plan.stages)
    return in_line(ports, plan.definition, begin) if has_lock else begin()


def in_line(ports: Ports, ref: DefinitionRef, begin: Callable[[], Answer]) -> Answer:
    """Call `begin`, which numbers a run and asks for its lock, while no other run of the definition is begun.

    Else a run could have the lower number and come second to the lock. Whoever waits too long begins all the same.
    """
    key, mine = f"begin/{title(ref)}", ports.ids.identifier()
    _wait_for(ports, key, mine)
    try:
        return begin()
    finally:
        ports.idempotency.release(key, mine)


def _wait_for(ports: Ports, key: str, mine: str) -> None:
    until = ports.clock.now() + PATIENCE
    while (now := ports.clock.now()) < until:
        if ports.idempotency.claim(key, mine, now=now, until=now + LONGEST_TURN) is None:
            return
        ports.clock.pause(PAUSE_SECONDS)


def join_line(ports: Ports, plan: Plan, run: Run) -> None:
    """Put a run that begins later into the line of its definition, if there is one."""
    if plan.concurrency is Concurrency.QUEUE:
        holder = Holder(run=run.id, execution=WHOLE_RUN, attempt=run.retries, line=line_of(plan), number=plan.number)
        ports.locks.take(run_lock(plan), holder, ports.clock.now())
