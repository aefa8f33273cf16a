"""What occurred to a run and its gates, from the run before and after a commit."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from chalicelib.kernel.engine.phase import WAITING
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.plans.plan import Node, Plan, Stage
from slipway_formats.frozen import frozen


def occurrences_of_run(plan: Plan, before: Run | None, after: Run) -> tuple[Occurrence, ...]:
    """Return what occurred between two states of a run, in order; before: None of a new one.

    Most commits of a run change neither its ending nor a gate.
    """
    return (*_began(plan, before, after), *_of_gates(plan, before, after), *_ended(plan, before, after))


def _began(plan: Plan, before: Run | None, after: Run) -> Iterator[Occurrence]:
    if before is None:
        yield _of_run(plan, after, OccurrenceType.RUN_BEGAN, after.began_at)
    elif before.is_final and not after.is_final:
        reopened = after.continued
        yield _of_run(plan, after, OccurrenceType.RUN_BEGAN, reopened.at if reopened is not None else after.began_at)


def _ended(plan: Plan, before: Run | None, after: Run) -> Iterator[Occurrence]:
    if after.is_final and (before is None or not before.is_final):
        yield _of_run(plan, after, OccurrenceType.RUN_ENDED, after.ended_at or after.began_at)


def _of_run(plan: Plan, run: Run, kind: OccurrenceType, at: datetime) -> Occurrence:
    facts = {
        "run": run.id,
        "phase": run.phase.value,
        "number": plan.number,
        "started_by": plan.started_by,
        "trigger": plan.trigger,
        "retries": run.retries,
        "releases": list(dict.fromkeys(run.releases)),
        **_definition(plan),
    }
    return Occurrence(type=kind, project=plan.definition.project, subject=run.id, at=at, facts=facts)


def _definition(plan: Plan) -> Mapping[str, object]:
    definition = plan.definition
    return {"kind": definition.kind.value, "name": definition.name, "environment": definition.environment}


@frozen
class _Gate:
    """A gate, or a step by which a person decides, in an execution of its stage."""

    plan: Plan
    run: Run
    execution: StageExecution
    stage: Stage
    node: Node

    @property
    def state(self) -> NodeState:
        return self.execution.nodes[self.node.key]


def _of_gates(plan: Plan, before: Run | None, after: Run) -> Iterator[Occurrence]:
    known = {one.number: one for one in before.stages} if before is not None else {}
    for execution in after.stages:
        earlier, stage = known.get(execution.number), plan.by_key.get(execution.stage)
        if execution is earlier or stage is None:
            continue
        states = earlier.nodes if earlier is not None else {}
        for node in stage.nodes:
            if node.key in execution.nodes and (node.awaits_word or node in stage.gates):
                gate = _Gate(plan=plan, run=after, execution=execution, stage=stage, node=node)
                yield from _of_gate(gate, states.get(node.key))


def _of_gate(gate: _Gate, before: NodeState | None) -> Iterator[Occurrence]:
    state = gate.state
    if state is before:
        return
    waited = before is not None and before.phase in WAITING and before.attempt == state.attempt
    if state.phase in WAITING and not waited:
        yield _occurrence(gate, OccurrenceType.GATE_OPENED)
    if state.is_final and (before is None or not before.is_final):
        yield _occurrence(gate, OccurrenceType.GATE_ENDED)


def _occurrence(gate: _Gate, kind: OccurrenceType) -> Occurrence:
    run, execution, state = gate.run, gate.execution, gate.state
    acts = acts_on(run, execution.address_of(gate.node.key))
    definition = gate.plan.definition
    facts = {
        "run": run.id,
        "stage": gate.stage.name,
        "gate": gate.node.name,
        "execution": execution.number,
        "attempt": state.attempt,
        "phase": state.phase.value,
        "by": acts[-1].by if acts and state.is_final else "",
        "reason": state.reason,
        **_definition(gate.plan),
        "environment": gate.stage.environment or definition.environment,
    }
    return Occurrence(
        type=kind,
        project=definition.project,
        subject=f"{run.id}/{execution.number}/{gate.node.key}",
        at=(state.ended_at if state.is_final else None) or state.began_at,
        facts=facts,
    )
