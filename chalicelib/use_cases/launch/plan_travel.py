"""Take up another active version of a pipeline of gates in the run of a snapshot; most runs have none."""

from dataclasses import replace

from chalicelib.kernel.engine.events import PlanReplaced
from chalicelib.kernel.engine.progress.replacement import replacing
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.trains.gated_version import is_like, version_in
from chalicelib.use_cases.ports.bundle import Ports

PIPELINE = "pipeline"
"""By whom a plan is replaced, where its pipeline has another active version."""


def renewed_plan(ports: Ports, plan: Plan, run: Run) -> PlanReplaced | None:
    """Return the event by which a run takes up another active version of its pipeline of gates; None if it has it.

    A run that has ended, and may go on, takes up besides what was said of its stages since.
    """
    known = version_in(plan.snapshot)
    if known is None or plan.redeploys:
        return None
    from chalicelib.kernel.installation.shared_pipelines import SharedPipeline

    pipeline = ports.installation.find(SharedPipeline, known[0])
    if pipeline is None or not (run.is_final or pipeline.active not in (0, known[1])):
        return None
    return current_plan(ports, plan, run, by=f"{PIPELINE} {pipeline.title}")


def current_plan(ports: Ports, plan: Plan, run: Run, *, by: str) -> PlanReplaced | None:
    """Return the event by which a run takes up its pipeline and what was said of its stages; None if it has both.

    by: for whose sake.
    """
    from chalicelib.use_cases.launch.travelled_plans import recompiled, travelled_now

    found = travelled_now(ports, plan)
    if found is None or is_like(found.snapshot, plan.snapshot):
        return None
    number = 1 + sum(act.kind is ActKind.REPLACED_PLAN for act in run.acts)
    try:
        fresh = recompiled(plan, found)
    except Invalid:  # what the version names has gone since: the run keeps what it has
        return None
    replacement = replacing(plan, replace(fresh, id=f"{run.id}-v{number}"), run)
    return PlanReplaced(at=ports.clock.now(), plan=replacement, by=by)
