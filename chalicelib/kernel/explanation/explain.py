"""Why a run does not go on, or how it ended badly: what holds it, and the runs that it started. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel.engine.effects import WHOLE_RUN
from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.engine.progress.graph import counts_as_good, is_group, is_last_word
from chalicelib.kernel.engine.progress.locks import run_lock, stage_lock
from chalicelib.kernel.engine.run import ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.explanation.hold import Deciders, Explanation, Facts, Hold, HoldKind
from chalicelib.kernel.explanation.node_holds import WRITERS, hold_of_failure, hold_of_freeze, hold_of_node
from chalicelib.kernel.explanation.place import Place
from chalicelib.kernel.explanation.reasons import of_deciders, of_lock, of_time
from chalicelib.kernel.plans.plan import Node, Plan
from chalicelib.kernel.plans.work import RunDefinition

CAUSES = frozenset({Phase.FAILED, Phase.BROKEN, Phase.REJECTED})
"""The bad endings that are a step's own; the others come from without."""


def explain(plan: Plan, run: Run, facts: Facts) -> Explanation:
    """Explain a run. run: as it is shown, its steps QUEUED that wait for a runner."""
    holds = tuple(_of_run(Place(facts=facts, plan=plan, run=run)))
    return Explanation(run=run.id, phase=run.phase.value, at=facts.now, holds=holds)


def children_of(plan: Plan, run: Run) -> Iterator[str]:
    """The ids of the child runs that explain it: of steps that have not ended, or ended badly."""
    for execution in _latest(run):
        for node, state in _nodes(plan, execution):
            if isinstance(node.work, RunDefinition) and state.reference and (not state.is_final or state.phase in BAD):
                yield state.reference


def _of_run(place: Place) -> Iterator[Hold]:
    run = place.run
    if run.is_paused and not run.is_final:
        yield _of_pause(place)
    if run.is_final:
        yield from _of_ending(place)
    elif run.phase is Phase.NEW:
        yield place.hold(HoldKind.STARTING, "the platform begins it in a moment", run.began_at)
    elif run.phase is Phase.WAITING_LOCK:
        yield _of_lock(place, HoldKind.TURN, run_lock(place.plan), (run.id, WHOLE_RUN))
    else:
        for execution in _latest(run):
            yield from _of_stage(place.at(execution), execution)


def _of_pause(place: Place) -> Hold:
    act = next((act for act in reversed(place.run.acts) if act.kind is ActKind.PAUSED), None)
    by = f" by {act.by}" if act is not None else ""
    said = f": {act.notes}" if act is not None and act.notes else ""
    return place.hold(HoldKind.PAUSED, f"paused{by}{said}", act.at if act is not None else None)


def _latest(run: Run) -> Iterator[StageExecution]:
    """The latest execution of each stage, and all that go on."""
    return (one for one in run.stages if not one.is_final or one is run.latest(one.stage))


def _nodes(plan: Plan, execution: StageExecution) -> Iterator[tuple[Node, NodeState]]:
    """The gates and steps that have begun, in plan order; no groups, which wait for what is in them."""
    nodes = plan.by_key[execution.stage].nodes if execution.stage in plan.by_key else ()
    return ((node, execution.nodes[node.key]) for node in nodes if node.key in execution.nodes and not is_group(node))


def _of_stage(place: Place, execution: StageExecution) -> Iterator[Hold]:
    for node, state in _nodes(place.plan, execution):
        # Nobody is asked any more for what still waited when its stage ended.
        if state.is_final or not execution.is_final:
            yield from _of_node(place.at(execution, node), node, state)
    if not execution.is_final:
        yield from _of_execution(place, execution)


def _of_execution(place: Place, execution: StageExecution) -> Iterator[Hold]:
    """What holds a stage as a whole, beside its gates and steps."""
    if execution.is_collecting:
        deciders = Deciders(project=place.project, level=WRITERS)
        reason = f"waits to be promoted by {of_deciders(deciders)}"
        yield replace(place.hold(HoldKind.PROMOTION, reason, execution.began_at), deciders=deciders)
    if execution.until is not None and execution.until > place.facts.now:
        at = place.local(execution.until)
        if execution.held_by:
            yield hold_of_freeze(place, execution.held_by, at, execution.began_at)
            return
        # In its midst: a gate has closed since.
        reason = execution.reason if execution.phase is Phase.RUNNING else f"was promoted, {of_time(at)}"
        yield replace(place.hold(HoldKind.TIME, reason, execution.began_at), earliest=at)
    elif execution.phase is Phase.PASSING:
        reason = "the platform looks whether a newer run has passed these gates"
        yield place.hold(HoldKind.STARTING, reason, execution.began_at)
    elif execution.phase is Phase.WAITING_LOCK:
        lock = stage_lock(place.plan, place.plan.by_key[execution.stage]) or ""
        yield _of_lock(place, HoldKind.LOCK, lock, (place.run.id, execution.number))


def _of_lock(place: Place, kind: HoldKind, lock: str, waiter: tuple[str, int]) -> Hold:
    line = place.facts.locks.get(lock)
    nth = line.waiting.index(waiter) + 1 if line is not None and waiter in line.waiting else None
    stage = place.stage
    what = f"environment {stage.environment}" if stage is not None else "the turn of its definition"
    since = place.execution.began_at if place.execution is not None else place.run.began_at
    hold = place.hold(kind, of_lock(what, line, nth), since)
    return replace(hold, lock=lock, holder=line.holder if line is not None else None, place=nth)


def _of_node(place: Place, node: Node, state: NodeState) -> Iterator[Hold]:
    is_failure = state.phase in CAUSES and is_last_word(node, state) and not counts_as_good(node, state)
    if state.is_final and not is_failure:
        return
    child = place.facts.children.get(state.reference) if isinstance(node.work, RunDefinition) else None
    inner = tuple(_of_run(place.below(*child))) if child is not None else ()
    own = hold_of_failure(place, node, state) if is_failure else hold_of_node(place, node, state)
    yield from inner or (() if own is None else (own,))


def _of_ending(place: Place) -> Iterator[Hold]:
    run = place.run
    if run.phase not in BAD:
        return
    stages = [one for one in _latest(run) if one.phase in CAUSES] if run.phase in CAUSES else []
    causes = [hold for one in stages for hold in _of_stage(place.at(one), one)]
    whole = place.hold(HoldKind(run.phase.value), run.reason or f"it was {run.phase}", run.ended_at)
    yield from causes or (replace(whole, superseded_by=place.facts.superseded_by.get(run.id)),)
