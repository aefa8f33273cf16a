"""Start the child run of a node, once for each attempt."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_deployment import Action
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.definition import title
from chalicelib.kernel.definitions.pushed import at_pushed, inputs_of
from chalicelib.kernel.definitions.run_request import Beginning, begun_as, child_id
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.refold import as_begun
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import DefinitionRef, Parent, Plan
from chalicelib.kernel.plans.work import DefinitionKind, JobKind, RunDefinition
from chalicelib.use_cases.launch.find import build_named, job_named, pipeline_named
from chalicelib.use_cases.launch.foreign_references import acts_for_in_run, require_foreign
from chalicelib.use_cases.launch.in_turn import in_turn, join_line
from chalicelib.use_cases.launch.pipeline_task import plan_pipeline_task
from chalicelib.use_cases.launch.plan import plan_build, plan_deployment, plan_pipeline, source_of
from chalicelib.use_cases.launch.resolve_release import release_ruled
from chalicelib.use_cases.ports.bundle import Ports

LONGEST_ID = 300
"""Characters of a run's id. Each generation makes it longer: so a pipeline that starts itself comes to an end."""


def start_definition(ports: Ports, work: RunDefinition, plan: Plan, run: Run, parent: Parent) -> str:  # noqa: PLR0917 - the engine's entry point
    """Create the child run, which starts soon, and return its id; the existing one if it was started before.

    Faults: NotFound, Conflict, Forbidden, Invalid: the definition is missing, may not run, or has no valid plan.
    """
    child = child_id(parent)
    if ports.runs.find_run(child) is not None:
        return create_run(ports, ports.runs.plan(child))
    if len(child) > LONGEST_ID:
        raise Conflict("too many runs were started by one another")
    acting = acts_for_in_run(plan, ports.clock.now())
    require_foreign(ports, acting, Level.WRITE, work.project, missing=f"no {title(_ref(work))}")
    account = _account(plan) if work.project == plan.definition.project else ""
    beginning = Beginning(id=child, by=plan.started_by, trigger="pipeline", parent=parent, account=account)
    beginning = replace(beginning, begun_by=begun_as(plan))
    # A run that a push began tells the ones below what was pushed.
    pushed = inputs_of(plan.inputs, plan.trigger)
    return _begun(ports, work, run, beginning, pushed)


def _ref(work: RunDefinition) -> DefinitionRef:
    return DefinitionRef(kind=work.kind, project=work.project, environment=work.environment, name=work.name)


def _account(plan: Plan) -> str:
    """Return the service account of the definition that the run executes."""
    definition = plan.snapshot.get(DEFINITION)
    named = definition.get("service_account_name") if isinstance(definition, Mapping) else None
    return named if isinstance(named, str) else ""


def _begun(  # noqa: PLR0917 - one child of a run
    ports: Ports, work: RunDefinition, run: Run, beginning: Beginning, pushed: Mapping[str, str]
) -> str:
    match work.kind:
        case DefinitionKind.BUILD:
            build = build_named(ports, work.project, work.environment, work.name)
            return _created(ports, run, plan_build(ports, build, at_pushed(source_of(ports, build), pushed), beginning))
        case DefinitionKind.DEPLOYMENT_JOB:
            return _created(ports, run, _deployment(ports, work, run, beginning))
        case DefinitionKind.PIPELINE:
            pipeline, told = pipeline_named(ports, work.project, work.name), replace(beginning, inputs=pushed)
            return in_turn(ports, pipeline, lambda: _created(ports, run, plan_pipeline(ports, pipeline, told)))
        case DefinitionKind.TASK:
            return _created(ports, run, plan_pipeline_task(ports, work, beginning))
        case DefinitionKind.TRAIN | DefinitionKind.TASK_PIPELINE | DefinitionKind.LOAD:
            raise Conflict(f"no run of a {work.kind} can be started by another run")
        case _:
            assert_never(work.kind)


def _created(ports: Ports, run: Run, plan: Plan) -> str:
    """Create a child of the run, which passes the freezes that the stage of its step has passed."""
    stage = run.execution(plan.parent.execution) if plan.parent is not None else None
    passed = (*run.passed, *(stage.passed if stage is not None else ()))
    return create_run(ports, plan, replace(new_run(plan), passed=passed))


def _deployment(ports: Ports, work: RunDefinition, run: Run, beginning: Beginning) -> Plan:
    job = job_named(ports, work.project, work.environment, work.name)
    kind = work.action or JobKind.DEPLOY
    release = release_ruled(ports, job, work, run) if kind is JobKind.DEPLOY else ""
    action = Action(kind=kind, release=release, inputs=work.inputs, secrets=work.secrets, errand=work.errand)
    return plan_deployment(ports, job, action, beginning)


def create_run(ports: Ports, plan: Plan, new: Run | None = None) -> str:
    """Create the plan's run and enqueue its start; return its id. Creating it again changes nothing.

    new: the run before any event, where it takes something over.
    """
    run = as_begun(plan, new or new_run(plan))
    ports.runs.create(run, plan)
    join_line(ports, plan, run)
    ports.queue.enqueue_tick(plan.id, key=f"{plan.id}/begin")
    return plan.id
