"""Let a node wait anew for a person: its approval was taken back, or lapsed for what it was bound to has changed."""

from dataclasses import replace

from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.effects import Audit, FreeLock
from chalicelib.kernel.engine.events import Revoked
from chalicelib.kernel.engine.people.refusal import find
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.behind import has_begun_behind
from chalicelib.kernel.engine.progress.locks import stage_lock
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.progress.settle import owing
from chalicelib.kernel.engine.run import Act, ActKind, Run, StageExecution
from chalicelib.kernel.plans.plan import Node, Plan, Stage


def remember_act(run: Run, act: Act) -> Run:
    """Append an act to the run, and request its audit entry as a durable effect."""
    return owing(replace(run, acts=(*run.acts, act)), (Audit(act=len(run.acts)),), act.at)


def lapsed(plan: Plan, run: Run, event: ChangesRead) -> Run:
    """Let the approvals of a node lapse that were bound to another change set, while nothing behind it has begun."""
    execution, found = run.execution(event.execution), find(plan, run, event)
    if execution is None or found is None or found[1].attempt != event.attempt or execution.ending is not None:
        return run
    stage, (node, state) = plan.by_key[execution.stage], found
    is_open = state.phase in {Phase.WAITING_PERSON, Phase.SUCCEEDED}
    bound = [one for one in acts_on(run, event.address) if is_bound_to_another(one, event.digest)]
    if not bound or not is_open or has_begun_behind(stage, node, execution):
        return run
    for act in bound:
        run = remember_act(run, _lapse_of(act, event))
    why = f"the approval of {', '.join(act.by for act in bound)} has lapsed: what would be deployed has changed since"
    return reopened(plan, run, event, why)


def is_bound_to_another(act: Act, digest: str) -> bool:
    """Whether an act is an approval of another change set than this one."""
    return act.kind is ActKind.APPROVED and act.changes not in {"", digest}


def _lapse_of(act: Act, event: ChangesRead) -> Act:
    notes = f"what would be deployed has changed: {act.changes[:12]} became {event.digest[:12]}"
    return replace(act, kind=ActKind.LAPSED, at=event.at, notes=notes, teams=(), changes=event.digest)


def reopened(plan: Plan, run: Run, of: Revoked | ChangesRead, reason: str = "") -> Run:
    """Let a node wait for a person again, and hold there what is behind it."""
    execution = run.execution(of.execution)
    if execution is None:
        return run
    state = execution.nodes[of.node]
    if not state.is_final:
        return run.with_node(of, replace(state, reason=reason)) if reason else run
    stage, waiting = plan.by_key[execution.stage], replace(state, phase=Phase.WAITING_PERSON, ended_at=None)
    anew = execution.with_nodes({of.node: replace(waiting, began_at=of.at, reason=reason)})
    node = stage.by_key[of.node]
    if node not in stage.gates:
        return run.with_execution(_around_reopened(stage, node, anew))
    held, lock = _back_at_gates(anew), stage_lock(plan, stage)
    if lock is None or held.turn == anew.turn:
        return run.with_execution(held)
    return owing(run.with_execution(held), (FreeLock(execution=anew.number, lock=lock, attempt=anew.turn),), of.at)


def _back_at_gates(execution: StageExecution) -> StageExecution:
    """Hold a stage at its gates. Its lock, and its place in the line for it, are given up."""
    has_turn = execution.fence is not None or execution.phase is Phase.WAITING_LOCK
    held = replace(execution, phase=Phase.GATES, fence=None, redeliver_at=None, turn=execution.turn + has_turn)
    return replace(held, until=None, held_by="", reason="") if held.held_by else held


def _around_reopened(stage: Stage, node: Node, execution: StageExecution) -> StageExecution:
    """Let the groups go on that had ended with the node."""
    ended = {group.key: execution.nodes[group.key] for group in stage.around(node) if group.key in execution.nodes}
    again = {key: replace(state, phase=Phase.RUNNING, ended_at=None) for key, state in ended.items() if state.is_final}
    return execution.with_nodes(again)
