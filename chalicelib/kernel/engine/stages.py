"""How one stage execution goes: gates in order, the train's mark, the environment's lock, then the steps.

Each function here goes one step: things that are under way move, or else new ones begin, or else the whole ends. The
next step sees what this one changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.engine import graph
from chalicelib.kernel.engine.graph import Sight
from chalicelib.kernel.engine.nodes import ASK_AGAIN, Scene, ask_again, begin, end, settled, stop
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Node, Plan

LOCK_AGAIN = timedelta(seconds=60)
"""How often a waiting run asks for a lock again."""


def settled_execution(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> StageExecution:
    """The stage execution one step further, as state and clock allow; itself when it is settled."""
    if execution.is_final:
        return execution
    scene = Scene(plan=plan, run=run, execution=execution, now=now)
    if execution.ending is not None:
        return _stopping(scene)
    match execution.phase:
        case Phase.WAITING_TIME if execution.until is not None and now >= execution.until:
            return at_gates(plan, replace(execution, until=None, began_at=now), now)
        case Phase.GATES:
            further = _through_gates(scene)
            return further if further is not execution else _asked_anew(execution, now, ASK_AGAIN)
        case Phase.PASSING:
            return _asked_anew(execution, now, ASK_AGAIN)
        case Phase.WAITING_LOCK:
            return _asked_anew(execution, now, LOCK_AGAIN)
        case Phase.RUNNING:
            return _through_steps(scene)
        case _:
            return execution


def at_gates(plan: Plan, execution: StageExecution, now: datetime) -> StageExecution:
    """The execution before its gates. One of a train asks first whether it comes too late, for nobody should decide."""
    asks = plan.train is not None and plan.by_key[execution.stage].gates
    return replace(execution, phase=Phase.GATES, ask_again=ask_again(now) if asks else None)


def _asked_anew(execution: StageExecution, now: datetime, length: timedelta) -> StageExecution:
    if execution.ask_again is not None and now >= execution.ask_again:
        return replace(execution, ask_again=ask_again(now, length))
    return execution


def _through_gates(scene: Scene) -> StageExecution:
    execution = scene.execution
    for gate in scene.stage.gates:
        known = execution.nodes.get(gate.key)
        state = begin(scene, gate) if known is None else settled(scene, gate, known)
        if state is not known:
            return execution.with_nodes({gate.key: state})
        if not graph.is_last_word(gate, state):
            return execution
        if not graph.counts_as_good(gate, state):
            return ended(execution, state.phase, scene.now, f"gate {gate.name}: {state.reason}")
    return after_gates(scene.plan, execution, scene.now)


def after_gates(plan: Plan, execution: StageExecution, now: datetime) -> StageExecution:
    """The execution behind its gates: it passes the train's mark first, then takes the lock, then runs."""
    if plan.train is not None:
        return replace(execution, phase=Phase.PASSING, ask_again=ask_again(now))
    return after_mark(plan, execution, now)


def after_mark(plan: Plan, execution: StageExecution, now: datetime) -> StageExecution:
    """The execution that no younger run has overtaken at this stage."""
    if plan.by_key[execution.stage].exclusive:
        return replace(execution, phase=Phase.WAITING_LOCK, ask_again=ask_again(now, LOCK_AGAIN))
    return replace(execution, phase=Phase.RUNNING, ask_again=None)


def _through_steps(scene: Scene) -> StageExecution:
    execution = scene.execution
    sight = Sight(stage=scene.stage, states=execution.nodes)
    moved = _moved(scene, sight)
    if moved:
        return execution.with_nodes(moved)
    waiting = (step for step in scene.stage.steps if step.key not in sight.states)
    fresh = {step.key: begin(scene, step) for step in waiting if graph.may_begin(sight, step)}
    if fresh:
        return execution.with_nodes(fresh)
    if graph.is_over(sight, None):
        return ended(execution, graph.ending_of(sight, None), scene.now, graph.why(sight))
    return execution


def _stopping(scene: Scene) -> StageExecution:
    execution = scene.execution
    if execution.phase is not Phase.STOPPING:
        return replace(execution, phase=Phase.STOPPING, ask_again=None, until=None)
    moved = _moved(scene, Sight(stage=scene.stage, states=execution.nodes))
    if moved:
        return execution.with_nodes(moved)
    if all(state.is_final for state in execution.nodes.values()):
        return ended(execution, execution.ending or Phase.CANCELLED, scene.now, execution.reason)
    return execution


def _moved(scene: Scene, sight: Sight) -> Mapping[str, NodeState]:
    """The nodes under way that go a step further."""
    by_key = scene.stage.by_key
    going = ((key, state) for key, state in sight.states.items() if not graph.is_last_word(by_key[key], state))
    moved = ((key, state, _node_moved(scene, sight, by_key[key])) for key, state in going)
    return {key: new for key, old, new in moved if new is not old}


def _node_moved(scene: Scene, sight: Sight, node: Node) -> NodeState:
    state = sight.states[node.key]
    if state.phase is not Phase.STOPPING:
        told = _told(scene, sight, node, state)
        if told is not None:
            return told
    return _group_moved(scene, sight, node) if graph.is_group(node) else settled(scene, node, state)


def _told(scene: Scene, sight: Sight, node: Node, state: NodeState) -> NodeState | None:
    """The node told to stop, when its stage or the group around it stops."""
    if scene.execution.ending is not None:
        return stop(scene, node, state, ending=scene.execution.ending, reason=scene.execution.reason)
    group = next(scene.stage.around(node), None)
    around = sight.states.get(group.key) if group is not None else None
    if group is None or around is None or around.phase is not Phase.STOPPING:
        return None
    # Cancelled, whatever the group becomes: what failed might be tried again, outside a group that has ended.
    return stop(scene, node, state, ending=Phase.CANCELLED, reason=f"group {group.name} {around.reason}")


def _group_moved(scene: Scene, sight: Sight, group: Node) -> NodeState:
    state = sight.states[group.key]
    if state.phase is Phase.STOPPING:
        inside = (sight.states.get(step.key) for step in scene.stage.inside.get(group.key, ()))
        goes_on = any(one is not None and not one.is_final for one in inside)
        return state if goes_on else end(state, state.ending or Phase.CANCELLED, scene.now)
    if graph.is_over(sight, group.key):
        return end(state, graph.ending_of(sight, group.key), scene.now)
    return settled(scene, group, state)


def ended(execution: StageExecution, phase: Phase, now: datetime, reason: str = "") -> StageExecution:
    """The execution ended so."""
    return replace(execution, phase=phase, ended_at=now, reason=reason, until=None, ask_again=None, ending=None)
