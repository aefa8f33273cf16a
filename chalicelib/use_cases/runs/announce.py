"""Telling those concerned what became of a run: its parent, those who watch, and what it triggers."""

from chalicelib.kernel.engine.effects import Announce, Occasion
from chalicelib.kernel.engine.events import Outcome, StepFinished
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Parent, Plan
from chalicelib.use_cases.launch.triggers import start_triggered
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.notify_viewers import notify_viewers
from chalicelib.use_cases.runs.perform_steps import has_applied

MOST_OUTPUT = 1024
"""Characters of a reason or output that travel to a parent."""


def announce(ports: Ports, plan: Plan, run: Run, effect: Announce) -> bool:
    """Push the news to whoever watches; at the end also tell the parent and start what waited for this.

    Whether that was all: a parent is told again until it has heard, for what lies in a queue can be lost.
    """
    news = {"run": run.id, "occasion": effect.occasion.value, "phase": run.phase.value, "version": run.version}
    ports.live.push(f"run/{run.id}", news)
    if effect.occasion is not Occasion.RUN_ENDED or not run.is_final:
        return True
    notify_viewers(ports, run.id, f"ended/{run.retries}")
    if run.phase in GOOD:
        start_triggered(ports, plan, run)
    if plan.parent is None or not plan.parent.waits or _knows(ports, plan.parent):
        return True
    _tell_parent(ports, plan.parent, run)
    return False


def _knows(ports: Ports, parent: Parent) -> bool:
    """Whether there is nothing to tell the parent any more."""
    run = ports.runs.find_run(parent.run)
    return run is None or has_applied(ports, run, parent)


def _tell_parent(ports: Ports, parent: Parent, run: Run) -> None:
    now = ports.clock.now()
    word = StepFinished(
        at=now,
        execution=parent.execution,
        node=parent.node,
        attempt=parent.attempt,
        outcome=Outcome(run.phase),
        reason=run.reason[:MOST_OUTPUT],
        outputs=outputs_of(run),
    )
    # Keyed by the instant too, so that a word told anew is not taken for the one before.
    ports.queue.enqueue_events(parent.run, (word,), key=f"{run.id}/ended/{run.retries}/{now.isoformat()}")


def outputs_of(run: Run) -> dict[str, str]:
    """What a run hands on: the release that it last built or deployed."""
    return {"release": run.releases[-1]} if run.releases else {}
