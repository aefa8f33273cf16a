"""Compile plans of travelling snapshots, also anew where another version of their pipeline of gates is active."""

from dataclasses import replace

from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION, SECRET, compile_pipeline
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.launch.execution_ids import execution_id
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline, gated_definition


def plan_travelled(ports: Ports, pipeline: TravelledPipeline, beginning: Beginning) -> Plan:
    """Compile the plan of a snapshot's travel. Faults: Conflict, Invalid."""
    named = replace(beginning, inputs={**beginning.inputs, **pipeline.inputs})
    plan = plan_pipeline(ports, pipeline.definition, named)
    if not pipeline.snapshot:
        return plan
    executions = execution_id(ports, beginning.id)
    return replace(plan, snapshot={**plan.snapshot, **pipeline.snapshot}, executions_from=executions)


def travelled_now(ports: Ports, plan: Plan) -> TravelledPipeline | None:
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


def recompiled(plan: Plan, gated: TravelledPipeline) -> Plan:
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


def _held_as_before(plan: Plan, stage: Stage) -> Stage:
    """Return a stage that waits for a promotion where it did so for the run alone."""
    before = plan.by_key.get(stage.key)
    return stage if before is None else replace(stage, promotion=before.promotion)
