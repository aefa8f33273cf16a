"""Telling those concerned what became of a run: its parent, those who watch, and what it triggers."""

from chalicelib.kernel.effects import Announce, Occasion
from chalicelib.kernel.events import StepFinished
from chalicelib.kernel.phase import GOOD
from chalicelib.kernel.plan import Parent, Plan
from chalicelib.kernel.run import Run
from chalicelib.use_cases.perform_steps import ENDED_AS
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.triggers import start_triggered

MOST_OUTPUT = 1024
"""Characters of a reason or output that travel to a parent."""


def announce(ports: Ports, plan: Plan, run: Run, effect: Announce) -> None:
    """Push the news to whoever watches; at the end also tell the parent and start what waited for this."""
    news = {"run": run.id, "occasion": effect.occasion.value, "phase": run.phase.value, "version": run.version}
    ports.live.push(f"run/{run.id}", news)
    if effect.occasion is not Occasion.RUN_ENDED or not run.is_final:
        return
    if plan.parent is not None and plan.parent.waits:
        _tell_parent(ports, plan.parent, run)
    if plan.parent is None and run.phase in GOOD:
        start_triggered(ports, plan, run)


def _tell_parent(ports: Ports, parent: Parent, run: Run) -> None:
    word = StepFinished(
        at=ports.world.now(),
        execution=parent.execution,
        node=parent.node,
        attempt=parent.attempt,
        outcome=ENDED_AS[run.phase],
        reason=run.reason[:MOST_OUTPUT],
        outputs=outputs_of(run),
    )
    ports.queue.tell(parent.run, (word,), key=f"{run.id}/ended/{run.retries}")


def outputs_of(run: Run) -> dict[str, str]:
    """What a run hands on: the release that it last built or deployed."""
    return {"release": run.releases[-1]} if run.releases else {}
