"""Notify others that a run has ended: viewers, its workload, its parent run, and the pipelines that it triggers."""

from chalicelib.kernel.definitions.workflow_request import has_built_for_train
from chalicelib.kernel.engine.events import Outcome, StepFinished
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Parent, Plan
from chalicelib.use_cases.effects.keep_archive import keep_archive
from chalicelib.use_cases.effects.notify_viewers import notify_viewers
from chalicelib.use_cases.effects.perform_steps import has_applied
from chalicelib.use_cases.launch.after_success import start_triggered
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.loading import follow_load
from chalicelib.use_cases.workloads.look import note_run_ended

MOST_OUTPUT = 1024
"""Characters of the reason that are passed to the parent."""


def announce_end(ports: Ports, plan: Plan, run: Run) -> bool:
    """Notify all who wait for the end of a run, and start the pipelines that it triggers.

    Return True when nothing is left to do. False: the parent was sent the result but has not stored it yet; call again,
    as a queued message can be lost.
    """
    notify_viewers(ports, run.id, f"ended/{run.retries}")
    note_run_ended(ports, plan, run)
    follow_load(ports, plan, run)
    if has_built_for_train(plan, run):
        ports.queue.enqueue_built_version(run.id)
    if run.phase in GOOD:
        start_triggered(ports, plan, run)
    if plan.parent is None or not plan.parent.waits or _parent_is_done(ports, plan.parent):
        # Last, so that it is kept once; and before the end is acknowledged, so that it is kept.
        keep_archive(ports, run)
        return True
    _notify_parent(ports, plan.parent, run)
    return False


def _parent_is_done(ports: Ports, parent: Parent) -> bool:
    """Return True if the parent needs no notification: it has applied the result, or is gone."""
    run = ports.runs.find_run(parent.run)
    return run is None or has_applied(ports.runs.plan(run.plan), run, parent)


def _notify_parent(ports: Ports, parent: Parent, run: Run) -> None:
    now = ports.clock.now()
    finished = StepFinished(
        at=now,
        **parent.as_fields(),
        outcome=Outcome(run.phase),
        reason=run.reason[:MOST_OUTPUT],
        outputs=outputs_of(run),
    )
    # Keyed by the time too, so that the queue does not drop a repetition as a duplicate.
    ports.queue.enqueue_events(parent.run, (finished,), key=f"{run.id}/ended/{run.retries}/{now.isoformat()}")


def outputs_of(run: Run) -> dict[str, str]:
    """Return the outputs of a run for its parent: the release it built or deployed last."""
    return {"release": run.releases[-1]} if run.releases else {}
