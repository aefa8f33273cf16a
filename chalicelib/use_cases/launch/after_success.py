"""Pipelines that start because a run succeeded: those with a step that awaits it, which then counts as done."""

from dataclasses import replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_build import NODE
from chalicelib.kernel.definitions.definition import title
from chalicelib.kernel.definitions.handles import awaited, ending_handle
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning, begun_as, derived_id
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.plans.plan import DefinitionRef, Plan
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.launch.find import pipeline_named
from chalicelib.use_cases.launch.foreign_references import acts_for, principal_acting
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.launch.start_child import create_run
from chalicelib.use_cases.ports.bundle import Ports

TRIGGERING = frozenset({DefinitionKind.BUILD, DefinitionKind.DEPLOYMENT_JOB})
TRIGGERED_BY = "triggered_by"
MOST_GENERATIONS = 100


def start_triggered(ports: Ports, plan: Plan, run: Run) -> tuple[str, ...]:
    """Start the pipelines that await this run's success, and return their run ids; it is idempotent.

    A pipeline is not started by a run that it led to itself, however many runs lie between.
    """
    ended = plan.definition
    if ended.kind not in TRIGGERING or run.phase not in GOOD or not _is_trigger(plan):
        return ()
    found = ports.definitions.found_by(ending_handle(ended))
    ancestors = _ancestors(ports, plan) if found else frozenset()
    outside = (ref for ref in found if ref not in ancestors)
    return tuple(started for ref in outside if (started := _start(ports, plan, run, ref)) is not None)


def _ancestors(ports: Ports, plan: Plan) -> frozenset[DefinitionRef]:
    """Return the definitions whose runs led to this one, by starting it or by their success."""
    found: set[DefinitionRef] = set()
    before = _started_by(plan)
    while before is not None and len(found) < MOST_GENERATIONS:
        try:
            earlier = ports.runs.plan(ports.runs.run(before).plan)
        except NotFound:
            break
        found.add(earlier.definition)
        before = _started_by(earlier)
    return frozenset(found)


def _started_by(plan: Plan) -> str | None:
    """Return the run that started this one."""
    if plan.parent is not None:
        return plan.parent.run
    by = plan.inputs.get(TRIGGERED_BY) if plan.trigger in TRIGGERING else None
    return by if isinstance(by, str) else None


def _is_trigger(plan: Plan) -> bool:
    """Return True if it built or deployed: smoke tests, destroys and errands of a deployment job trigger nothing."""
    node = plan.stages[0].node(NODE)
    return node is not None and isinstance(node.work, Job) and node.work.kind in (JobKind.BUILD, JobKind.DEPLOY)


def _start(ports: Ports, plan: Plan, run: Run, ref: DefinitionRef) -> str | None:
    text = f"{run.id}/{run.executions}/{title(ref)}"
    run_id = derived_id(text, run.ended_at or plan.created_at)
    try:
        pipeline = pipeline_named(ports, ref.project, ref.name)
        by, begun = _starters(ports, plan, pipeline)
        trigger = plan.definition.kind.value
        beginning = Beginning(id=run_id, by=by, trigger=trigger, inputs=_inputs(plan, run), begun_by=begun)
        done = _done(pipeline, plan.definition)

        def begin() -> str:
            triggered = plan_pipeline(ports, pipeline, beginning, done)
            return create_run(ports, triggered, replace(new_run(triggered), releases=run.releases))

        return in_turn(ports, pipeline, begin)
    except (NotFound, Conflict, Forbidden, Invalid):
        # Removed, disabled or invalid since then, or not allowed: that must not fail the run that succeeded.
        return None


def _starters(ports: Ports, plan: Plan, pipeline: PipelineDefinition) -> tuple[str, tuple[str, ...]]:
    """Return by whom the run is started, and all who count as starting it, so that none of them approves it.

    If another project's success triggers it, it is started by the pipeline's run-as identity.
    """
    ended = plan.definition
    if ended.project == pipeline.project:
        return plan.started_by, begun_as(plan)
    principal = principal_acting(ports, acts_for(pipeline, ports.clock.now()))
    require(principal, Level.READ, ended.project, missing=f"no {title(ended)}")
    return principal.name, (*begun_by(ports, principal), *begun_as(plan))


def _done(pipeline: PipelineDefinition, ended: DefinitionRef) -> frozenset[str]:
    return frozenset(place for place, ref in awaited(pipeline) if ref == ended)


def _inputs(plan: Plan, run: Run) -> dict[str, object]:
    return {TRIGGERED_BY: run.id, "triggered_by_nr": plan.number}
