"""How one stage execution goes: gates in order, the train's mark, the environment's lock, then the steps."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel import graph
from chalicelib.kernel.nodes import Scene, ask_again, begin, end, settled, stop
from chalicelib.kernel.phase import FINAL, Phase
from chalicelib.kernel.plan import Node, Plan, Stage
from chalicelib.kernel.run import NodeState, Run, StageExecution

LOCK_AGAIN = timedelta(seconds=60)
"""How often a waiting run asks for a lock again."""


def settled_execution(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> StageExecution:
    """The stage execution one step further, as state and clock allow."""
    if execution.is_final:
        return execution
    if execution.ending is not None:
        return _stopping(plan.by_key[execution.stage], execution, now)
    match execution.phase:
        case Phase.WAITING_TIME if execution.until is not None and now >= execution.until:
            return replace(execution, phase=Phase.GATES, until=None, began_at=now)
        case Phase.GATES:
            return _through_gates(plan, run, execution, now)
        case Phase.PASSING:
            return _asked_anew(execution, now, timedelta(seconds=30))
        case Phase.WAITING_LOCK:
            return _asked_anew(execution, now, LOCK_AGAIN)
        case Phase.RUNNING:
            return _through_steps(plan, run, execution, now)
        case _:
            return execution


def _asked_anew(execution: StageExecution, now: datetime, length: timedelta) -> StageExecution:
    if execution.ask_again is not None and now >= execution.ask_again:
        return replace(execution, ask_again=ask_again(now, length))
    return execution


def _through_gates(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> StageExecution:
    stage, nodes = plan.by_key[execution.stage], dict(execution.nodes)
    scene = Scene(plan=plan, run=run, execution=execution, now=now)
    for gate in stage.gates:
        state = _moved(scene, gate, nodes.get(gate.key))
        nodes[gate.key] = state
        if not graph.is_last_word(gate, state):
            return _with(execution, nodes)
        if not graph.counts_as_good(gate, state):
            return ended(_with(execution, nodes), state.phase, now, f"gate {gate.name}: {state.reason}")
    return after_gates(plan, _with(execution, nodes), now)


def _moved(scene: Scene, node: Node, state: NodeState | None) -> NodeState:
    return settled(scene, node, begin(scene, node) if state is None else state)


def _with(execution: StageExecution, nodes: Mapping[str, NodeState]) -> StageExecution:
    return execution if nodes == execution.nodes else replace(execution, nodes=nodes)


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


def _through_steps(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> StageExecution:
    stage = plan.by_key[execution.stage]
    steps, nodes = graph.graph_of(stage), dict(execution.nodes)
    scene = Scene(plan=plan, run=run, execution=execution, now=now)
    for step in stage.steps:
        state = nodes.get(step.key)
        if state is None:
            if graph.may_begin(steps, nodes, step):
                nodes[step.key] = begin(scene, step)
        elif not state.is_final or not graph.is_last_word(step, state):
            nodes[step.key] = _step_moved(scene, steps, nodes, step)
    moved = _with(execution, nodes)
    if moved is not execution or not graph.is_over(steps, nodes, None):
        return moved
    return ended(moved, graph.ending_of(steps, nodes, None), now, _why(stage, nodes))


def _step_moved(scene: Scene, steps: graph.Graph, nodes: Mapping[str, NodeState], step: Node) -> NodeState:
    state = nodes[step.key]
    around = nodes.get(step.group) if step.group is not None else None
    told = around is not None and around.phase is Phase.STOPPING
    ending, reason = (around.ending or Phase.CANCELLED, around.reason) if told and around else (Phase.CANCELLED, "")
    moved = stop(state, ending, scene.now, reason) if told else settled(scene, step, state)
    return _group_moved(scene, steps, {**nodes, step.key: moved}, step) if graph.is_group(step) else moved


def _group_moved(scene: Scene, steps: graph.Graph, nodes: Mapping[str, NodeState], step: Node) -> NodeState:
    """The group, ended when nothing in it goes on. Nobody is asked to start or stop a group."""
    group = replace(nodes[step.key], ask_again=None)
    inside = [nodes[child.key] for child in steps.children.get(step.key, ()) if child.key in nodes]
    if group.phase is Phase.STOPPING and all(state.is_final for state in inside):
        return end(group, group.ending or Phase.CANCELLED, scene.now)
    if group.phase is Phase.RUNNING and graph.is_over(steps, nodes, step.key):
        return end(group, graph.ending_of(steps, nodes, step.key), scene.now)
    return group


def _why(stage: Stage, nodes: Mapping[str, NodeState]) -> str:
    bad = (
        f"step {step.name}: {nodes[step.key].reason}".rstrip(": ")
        for step in stage.steps
        if step.key in nodes and nodes[step.key].is_final and not graph.counts_as_good(step, nodes[step.key])
    )
    return next(bad, "")


def _stopping(stage: Stage, execution: StageExecution, now: datetime) -> StageExecution:
    ending = execution.ending or Phase.CANCELLED
    groups = {step.key for step in stage.steps if graph.is_group(step)}
    told = {
        key: state if key in groups else stop(state, ending, now, execution.reason)
        for key, state in execution.nodes.items()
    }
    nodes = _groups_stopped(stage, told, ending, now)
    moved = replace(_with(execution, nodes), phase=Phase.STOPPING, ask_again=None, until=None)
    if all(state.is_final for state in nodes.values()):
        return ended(moved, ending, now, execution.reason)
    return moved if moved != execution else execution


def _groups_stopped(stage: Stage, nodes: Mapping[str, NodeState], ending: Phase, now: datetime) -> dict[str, NodeState]:
    """The groups ended from the innermost, once nothing in them runs on."""
    ended_nodes = dict(nodes)
    for step in reversed(stage.steps):
        state = ended_nodes.get(step.key)
        if state is None or state.is_final or not graph.is_group(step):
            continue
        inside = [ended_nodes[one.key] for one in stage.steps if one.group == step.key and one.key in ended_nodes]
        if all(one.phase in FINAL for one in inside):
            ended_nodes[step.key] = end(state, ending, now)
    return ended_nodes


def ended(execution: StageExecution, phase: Phase, now: datetime, reason: str = "") -> StageExecution:
    """The execution ended so."""
    return replace(execution, phase=phase, ended_at=now, reason=reason, until=None, ask_again=None, ending=None)
