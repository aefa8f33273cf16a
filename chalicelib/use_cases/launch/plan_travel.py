"""Compile plans of travelling snapshots, also anew where another version of their pipeline of gates is active."""

from dataclasses import replace

from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION, SECRET, compile_pipeline
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.engine.events import PlanReplaced
from chalicelib.kernel.engine.progress.replacement import replacing
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Invalid
from chalicelib.kernel.installation.shared_pipelines import SharedPipeline
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.launch.execution_ids import execution_id
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline, gated_definition, is_like, version_in

PIPELINE = "pipeline"
"""By whom a plan is replaced, where its pipeline has another active version."""


def plan_travelled(ports: Ports, pipeline: TravelledPipeline, beginning: Beginning) -> Plan:
    """Compile the plan of a snapshot's travel. Faults: Conflict, Invalid."""
    named = replace(beginning, inputs={**beginning.inputs, **pipeline.inputs})
    plan = plan_pipeline(ports, pipeline.definition, named)
    if not pipeline.snapshot:
        return plan
    executions = execution_id(ports, beginning.id)
    return replace(plan, snapshot={**plan.snapshot, **pipeline.snapshot}, executions_from=executions)


def renewed_plan(ports: Ports, plan: Plan, run: Run) -> PlanReplaced | None:
    """Return the event by which a run takes up another active version of its pipeline of gates; None if it has it.

    A run that has ended, and may go on, takes up besides what was said of its stages since.
    """
    known = version_in(plan.snapshot)
    if known is None or plan.redeploys:
        return None
    pipeline = ports.installation.find(SharedPipeline, known[0])
    if pipeline is None or not (run.is_final or pipeline.active not in (0, known[1])):
        return None
    return current_plan(ports, plan, run, by=f"{PIPELINE} {pipeline.title}")


def current_plan(ports: Ports, plan: Plan, run: Run, *, by: str) -> PlanReplaced | None:
    """Return the event by which a run takes up its pipeline and what was said of its stages; None if it has both.

    by: for whose sake.
    """
    found = _current(ports, plan)
    if found is None or is_like(found.snapshot, plan.snapshot):
        return None
    number = 1 + sum(act.kind is ActKind.REPLACED_PLAN for act in run.acts)
    try:
        fresh = _recompiled(plan, found)
    except Invalid:  # what the version names has gone since: the run keeps what it has
        return None
    replacement = replacing(plan, replace(fresh, id=f"{run.id}-v{number}"), run)
    return PlanReplaced(at=ports.clock.now(), plan=replacement, by=by)


def _current(ports: Ports, plan: Plan) -> TravelledPipeline | None:
    """Return the pipeline of the snapshot that travels as it is now; None if either is gone."""
    line = plan.travels
    train = ports.trains.find_train(train_in(line)) if line is not None else None
    snapshot = ports.snapshots.find_snapshot(train.id, line.number) if train is not None and line is not None else None
    if train is None or snapshot is None or train.gated is None:
        return None
    try:
        return gated_definition(ports, train, train.gated, snapshot)
    except Conflict:
        return None


def _held_as_before(plan: Plan, stage: Stage) -> Stage:
    """Return a stage that waits for a promotion where it did so for the run alone."""
    before = plan.by_key.get(stage.key)
    return stage if before is None else replace(stage, promotion=before.promotion)


def _recompiled(plan: Plan, gated: TravelledPipeline) -> Plan:
    """Return the plan made anew: all but its stages stays. Faults: Invalid."""
    before = decode(PipelineDefinition, plan.snapshot[DEFINITION])
    definition = replace(gated.definition, name=before.name)
    beginning = Beginning(id=plan.id, by=plan.started_by, inputs={**plan.inputs, **gated.inputs}, train=plan.travels)
    request = RunRequest(
        beginning=beginning, number=plan.number, at=plan.created_at, secret=str(plan.snapshot.get(SECRET, ""))
    )
    fresh = compile_pipeline(definition, request)
    return replace(
        plan,
        stages=tuple(_held_as_before(plan, stage) for stage in fresh.stages),
        inputs=fresh.inputs,
        snapshot={**plan.snapshot, **fresh.snapshot, **gated.snapshot},
    )
