"""Runs with the sensitive inputs and outputs of releases redacted for callers who may not write.

What cannot be known to be harmless, as its release is gone or one of several, is hidden completely.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.compile_build import NODE, SENSITIVE
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind, Job
from chalicelib.kernel.projects.sensitive import Names, masked
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.sensitive import SensitiveNames, sees_sensitive
from chalicelib.use_cases.runs.explain import explained
from chalicelib.use_cases.runs.job_times import with_job_times
from chalicelib.use_cases.runs.read import ListRuns, RunView, get_run, list_runs
from slipway_formats.frozen import frozen
from slipway_formats.release_id import parse
from slipway_formats.version import Exact

RELEASE, INPUTS = "release", "inputs"


@frozen
class RunNamed:
    """Query: a run. explains: with what holds it. times: with those of its jobs."""

    by: Principal
    run: str
    explains: bool = False
    times: bool = False


@frozen
class RunsOf:
    """Query: a list of runs. explains: with what holds each."""

    by: Principal
    runs: ListRuns
    explains: bool = False


def get_redacted_run(ports: Ports, query: RunNamed) -> RunView:
    """Return the run redacted for the caller. Faults: NotFound."""
    view = redacted_run(ports, query.by, get_run(ports, query.run))
    view = with_job_times(ports, view) if query.times else view
    return explained(ports, query.by, view) if query.explains else view


def list_redacted_runs(ports: Ports, query: RunsOf) -> Sequence[RunView]:
    """List a page of runs redacted for the caller."""
    names = SensitiveNames(ports=ports)
    views = [redacted_run(ports, query.by, view, names) for view in list_runs(ports, query.runs)]
    return [explained(ports, query.by, view) for view in views] if query.explains else views


def without_outputs(view: RunView) -> RunView:
    """Return the run without any outputs."""

    def bare(stage: StageExecution) -> StageExecution:
        return replace(stage, nodes={key: replace(state, outputs={}) for key, state in stage.nodes.items()})

    run = replace(view.run, stages=tuple(map(bare, view.run.stages)))
    return replace(view, run=run, earlier=tuple(map(bare, view.earlier)))


def redacted_run(ports: Ports, by: Principal, view: RunView, names: SensitiveNames | None = None) -> RunView:
    """Return the run redacted for the principal. names: a cache for several runs."""
    definition = view.plan.definition
    if definition.kind not in (DefinitionKind.BUILD, DefinitionKind.DEPLOYMENT_JOB):
        return view
    if sees_sensitive(ports, by, definition.project, definition.environment):
        return view
    known = names or SensitiveNames(ports=ports)
    run = replace(view.run, stages=tuple(_stage(known, view.plan, one) for one in view.run.stages))
    earlier = tuple(_stage(known, view.plan, one) for one in view.earlier)
    return RunView(run=run, plan=_plan(known, view.plan), earlier=earlier)


def _plan(known: SensitiveNames, plan: Plan) -> Plan:
    held, definition = plan.snapshot.get(INPUTS), plan.snapshot.get(DEFINITION)
    if plan.definition.kind is not DefinitionKind.DEPLOYMENT_JOB or not isinstance(definition, Mapping):
        return plan
    names = _names(known, plan, str(plan.snapshot.get(RELEASE, "")))
    own = definition.get(INPUTS)
    hidden = {
        **({INPUTS: _masked(held, names)} if isinstance(held, Mapping) else {}),
        DEFINITION: {**definition, INPUTS: _masked(own, names)} if isinstance(own, Mapping) else definition,
    }
    return replace(plan, snapshot={**plan.snapshot, **hidden})


def _stage(known: SensitiveNames, plan: Plan, stage: StageExecution) -> StageExecution:
    return replace(stage, nodes={key: _node(known, plan, state) for key, state in stage.nodes.items()})


def _node(known: SensitiveNames, plan: Plan, state: NodeState) -> NodeState:
    if not set(state.outputs) - {RELEASE}:
        return state
    names = None if _is_of_several(plan) else _names(known, plan, state.outputs.get(RELEASE, ""))
    shown = {name: str(value) for name, value in _masked(state.outputs, names).items()}
    return replace(state, outputs={**shown, **{name: state.outputs[name] for name in (RELEASE,) if name in shown}})


def _is_of_several(plan: Plan) -> bool:
    """Return True if the run builds several releases, whose outputs are merged."""
    node = plan.stages[0].node(NODE)
    if plan.definition.kind is not DefinitionKind.BUILD or node is None or not isinstance(node.work, Job):
        return False
    steps = node.work.ask.get("steps")
    return bool(node.work.ask.get("steps_from_yml")) or not isinstance(steps, Sequence) or len(steps) > 1


def _names(known: SensitiveNames, plan: Plan, release: str) -> Names | None:
    """Return the sensitive names of a release in a run; None if unknown."""
    try:
        release_id = parse(release or str(plan.snapshot.get(RELEASE, "")), RELEASE)
    except Invalid:
        return None
    version = release_id.query.version if isinstance(release_id.query, Exact) else ""
    names = known.of(f"{release_id.namespace}/{release_id.application}", version)
    kept = plan.snapshot.get(SENSITIVE)
    return None if names is None else names | frozenset(map(str, kept if isinstance(kept, Sequence) else ()))


def _masked(values: Mapping[str, object], names: Names | None) -> dict[str, object]:
    return masked(values, values.keys() if names is None else names)
