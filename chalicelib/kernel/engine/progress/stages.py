"""The life cycle of a stage execution: gates in order, the train's watermark, the environment's lock, then steps.

Each function makes one step: it moves what is under way, else begins something new, else ends the execution. The caller
repeats it until nothing changes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.progress.context import Clock, NodeContext
from chalicelib.kernel.engine.progress.graph import StageView
from chalicelib.kernel.engine.progress.locks import stage_lock
from chalicelib.kernel.engine.progress.nodes import (
    REDELIVER_AFTER,
    begin,
    end,
    in_window,
    next_redelivery,
    settled,
    stop,
)
from chalicelib.kernel.engine.progress.windows import InForce, Shut, freeze_of
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Node, Plan

LOCK_AGAIN = timedelta(seconds=60)
"""How often a waiting run requests its lock again."""


def settled_execution(plan: Plan, run: Run, execution: StageExecution, clock: Clock) -> StageExecution:
    """Apply one transition to a stage execution; the same one when none is possible."""
    if execution.is_final:
        return execution
    context, now = NodeContext(plan=plan, run=run, execution=execution, clock=clock), clock.now
    if execution.ending is not None:
        return _stopping(context)
    match execution.phase:
        case Phase.WAITING_TIME if execution.held_by:
            return _thawed(context)
        case Phase.WAITING_TIME if execution.until is not None and now >= execution.until:
            return at_gates(plan, replace(execution, until=None), now)
        case Phase.GATES:
            further = _through_gates(context)
            return further if further is not execution else _redelivered(execution, now, REDELIVER_AFTER)
        case Phase.PASSING:
            return _redelivered(execution, now, REDELIVER_AFTER)
        case Phase.WAITING_LOCK:
            return _redelivered(execution, now, LOCK_AGAIN)
        case Phase.RUNNING:
            return _through_steps(context)
        case _:
            return execution


def at_gates(plan: Plan, execution: StageExecution, now: datetime) -> StageExecution:
    """Enter the gates of a stage.

    A run of a train first asks (CheckWatermark) whether a newer run has passed this stage, so that nobody approves a
    superseded run.
    """
    asks = plan.train is not None and not plan.redeploys and plan.by_key[execution.stage].gates
    return replace(execution, phase=Phase.GATES, redeliver_at=next_redelivery(now) if asks else None)


def promoted(plan: Plan, execution: StageExecution, now: datetime, until: datetime | None = None) -> StageExecution:
    """Give a collecting execution its promotion. until: before when its steps do not begin."""
    given = replace(execution, awaits_promotion=False, until=until)
    return at_gates(plan, given, now) if given.phase is Phase.WAITING_PERSON else given


def rescheduled(plan: Plan, execution: StageExecution, now: datetime, until: datetime | None = None) -> StageExecution:
    """Give a scheduled execution another time; until: as of `promoted`."""
    given = replace(execution, until=until)
    return at_gates(plan, given, now) if given.phase is Phase.WAITING_TIME and until is None else given


def closed(execution: StageExecution, now: datetime) -> StageExecution:
    """End a collecting execution that nobody promoted. Of its gates those stay that were decided."""
    decided = {key: state for key, state in execution.nodes.items() if state.is_final}
    return replace(ended(execution, Phase.SKIPPED, now, "not promoted"), nodes=decided)


def _redelivered(execution: StageExecution, now: datetime, length: timedelta) -> StageExecution:
    if execution.redeliver_at is not None and now >= execution.redeliver_at:
        return replace(execution, redeliver_at=next_redelivery(now, length))
    return execution


def _through_gates(context: NodeContext) -> StageExecution:
    """Move the gates: each opens when those before it are passed, and goes on by itself if one of them opens again."""
    execution, is_shut = context.execution, False
    for gate in context.stage.gates:
        known = execution.nodes.get(gate.key)
        if known is None and is_shut and context.stage.gates_in_order:
            break
        state = begin(context, gate) if known is None else settled(context, gate, known)
        if state is not known:
            return execution.with_nodes({gate.key: state})
        is_last = graph.is_last_word(gate, state)
        if is_last and not graph.counts_as_good(gate, state):
            return ended(execution, state.phase, context.now, f"gate {gate.name}: {state.reason}")
        is_shut = is_shut or not is_last
    return execution if is_shut else _after_gates(context)


def _after_gates(context: NodeContext) -> StageExecution:
    """Leave the gates: next come the promotion and its time, the train's watermark, the lock, then the steps."""
    plan, execution, now = context.plan, context.execution, context.now
    if execution.awaits_promotion:
        return replace(execution, phase=Phase.WAITING_PERSON, redeliver_at=None)
    if execution.until is not None and now < execution.until:
        return replace(execution, phase=Phase.WAITING_TIME, redeliver_at=None)
    shut = context.shut
    if shut is not None:
        return _back_at_gates(context, shut)
    execution = _freed(execution)
    if plan.train is not None and not context.stage.apart:
        return replace(execution, phase=Phase.PASSING, redeliver_at=next_redelivery(now))
    return after_mark(plan, execution, now)


def after_mark(plan: Plan, execution: StageExecution, now: datetime) -> StageExecution:
    """Go on after the watermark: wait for the lock of the stage if it has one, else run the steps."""
    if stage_lock(plan, plan.by_key[execution.stage]) is not None:
        return replace(execution, phase=Phase.WAITING_LOCK, redeliver_at=next_redelivery(now, LOCK_AGAIN))
    return replace(execution, phase=Phase.RUNNING, redeliver_at=None)


def _through_steps(context: NodeContext) -> StageExecution:
    execution = context.execution
    view = StageView(stage=context.stage, states=execution.nodes)
    moved = _moved(context, view)
    if moved:
        return execution.with_nodes(moved)
    fresh = _begun(context, view)
    shut = context.shut if fresh else None
    if shut is not None:
        return _held(context, shut)
    if fresh or execution.until is not None:
        return replace(_freed(execution), reason="").with_nodes(fresh)
    if graph.is_over(view, None):
        return ended(execution, graph.ending_of(view, None), context.now, graph.why(view))
    return execution


def _begun(context: NodeContext, view: StageView) -> Mapping[str, NodeState]:
    """The states of steps that begin now. Of a stage that stops, those that clean up, once all others have ended."""
    if context.execution.ending is not None and (view.ending is None or _is_stopping(context, view)):
        return {}
    waiting = (step for step in context.stage.steps if step.key not in view.states)
    return {step.key: begin(context, step) for step in waiting if graph.may_begin(view, step)}


def _is_stopping(context: NodeContext, view: StageView) -> bool:
    """Whether something goes on that has to end before anything cleans up."""
    going = (context.stage.by_key[key] for key, state in view.states.items() if not state.is_final)
    return any(graph.is_held_back(view, node) for node in going)


def _cleans_up(context: NodeContext) -> Phase | None:
    """The ending of a stage that stops, and before that runs what cleans up; None where nothing does."""
    execution = context.execution
    has_begun = any(step.key in execution.nodes for step in context.stage.steps)
    # Behind a gate that has shut again, and in a freeze, nothing begins, and what cleans up neither.
    return execution.ending if has_begun and context.shut is None and not execution.at_once else None


def _back_at_gates(context: NodeContext, shut: Shut) -> StageExecution:
    """Wait at a gate that has shut again. A lock is given back: others may go where this one may not."""
    execution = context.execution
    turn = execution.turn + (execution.fence is not None)
    waiting = replace(execution, phase=Phase.GATES, redeliver_at=None, fence=None, turn=turn)
    if isinstance(shut, InForce):
        return _frozen(replace(waiting, phase=Phase.WAITING_TIME), shut)
    passed = replace(execution.nodes[shut.gate.key], began_at=context.now)
    return waiting.with_nodes({shut.gate.key: in_window(passed, shut.work, context.clock.until)})


def _frozen(execution: StageExecution, shut: InForce) -> StageExecution:
    """Wait for the end of a freeze; the same one while it waits for that already."""
    held = replace(execution, until=shut.opens, reason=shut.reason, held_by=shut.freeze.id)
    return execution if held == execution else held


def _freed(execution: StageExecution) -> StageExecution:
    """Wait for no time and no freeze any more."""
    reason = "" if execution.held_by else execution.reason
    return replace(execution, until=None, held_by="", reason=reason)


def _thawed(context: NodeContext) -> StageExecution:
    """Go on to the gates once no freeze holds the stage; else wait for the end of the one that does."""
    held = freeze_of(context.plan, context.run, context.execution, context.clock.until)
    if held is None:
        return at_gates(context.plan, _freed(context.execution), context.now)
    return _frozen(context.execution, held)


def _held(context: NodeContext, shut: Shut) -> StageExecution:
    """Begin no step behind a gate that has shut again: none yet, back at the gates; else in the midst, lock in hand."""
    execution = context.execution
    if not any(step.key in execution.nodes for step in context.stage.steps):
        return _back_at_gates(context, shut)
    if isinstance(shut, InForce):
        return _frozen(execution, shut)
    if shut.opens is None:
        return replace(execution, ending=Phase.BROKEN, reason=shut.reason)
    if execution.until == shut.opens and not execution.held_by:
        return execution
    return replace(execution, until=shut.opens, reason=shut.reason, held_by="")


def _stopping(context: NodeContext) -> StageExecution:
    execution = context.execution
    if execution.phase is not Phase.STOPPING:
        return replace(execution, phase=Phase.STOPPING, redeliver_at=None, until=None)
    view = StageView(stage=context.stage, states=execution.nodes, ending=_cleans_up(context))
    moved = _moved(context, view) or _begun(context, view)
    if moved:
        return execution.with_nodes(moved)
    is_over = view.ending is None or graph.is_over(view, None)
    if is_over and all(state.is_final for state in execution.nodes.values()):
        return ended(execution, execution.ending or Phase.CANCELLED, context.now, execution.reason)
    return execution


def _moved(context: NodeContext, view: StageView) -> Mapping[str, NodeState]:
    """The states of nodes under way that change now."""
    by_key = context.stage.by_key
    going = ((key, state) for key, state in view.states.items() if not graph.is_last_word(by_key[key], state))
    moved = ((key, state, _node_moved(context, view, by_key[key])) for key, state in going)
    return {key: new for key, old, new in moved if new is not old}


def _node_moved(context: NodeContext, view: StageView, node: Node) -> NodeState:
    state = view.states[node.key]
    if state.phase is not Phase.STOPPING:
        told = _told(context, view, node, state)
        if told is not None:
            return told
    return _group_moved(context, view, node) if graph.is_group(node) else settled(context, node, state)


def _told(context: NodeContext, view: StageView, node: Node, state: NodeState) -> NodeState | None:
    """Stop a node whose stage or group is stopping; None when neither is."""
    if context.execution.ending is not None and (view.ending is None or graph.is_held_back(view, node)):
        return stop(context, node, state, ending=context.execution.ending, reason=context.execution.reason)
    group = next(context.stage.around(node), None)
    around = view.states.get(group.key) if group is not None else None
    if group is None or around is None or around.phase is not Phase.STOPPING:
        return None
    # Cancelled, whatever the group becomes: what failed might be tried again, outside a group that has ended.
    return stop(context, node, state, ending=Phase.CANCELLED, reason=f"group {group.name} {around.reason}")


def _group_moved(context: NodeContext, view: StageView, group: Node) -> NodeState:
    state = view.states[group.key]
    if state.phase is Phase.STOPPING:
        inside = (view.states.get(step.key) for step in context.stage.inside.get(group.key, ()))
        goes_on = any(one is not None and not one.is_final for one in inside)
        return state if goes_on else end(state, state.ending or Phase.CANCELLED, context.now)
    if graph.is_over(view, group.key):
        return end(state, graph.ending_of(view, group.key), context.now)
    return settled(context, group, state)


def ended(execution: StageExecution, phase: Phase, now: datetime, reason: str = "") -> StageExecution:
    """End a stage execution in a final phase."""
    return replace(execution, phase=phase, ended_at=now, reason=reason, until=None, redeliver_at=None, ending=None)
