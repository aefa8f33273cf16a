"""How each event is written down in a run, in one closed match. What follows from it is settle's."""

from dataclasses import replace
from typing import assert_never

from chalicelib.kernel import events
from chalicelib.kernel.effects import WHOLE_RUN, Audit, effect_id
from chalicelib.kernel.events import Event, Outcome
from chalicelib.kernel.graph import is_group
from chalicelib.kernel.nodes import end
from chalicelib.kernel.phase import BAD, Phase
from chalicelib.kernel.plan import Plan
from chalicelib.kernel.refusal import find, refusal
from chalicelib.kernel.retry import kept
from chalicelib.kernel.run import Act, ActKind, NodeState, Results, Run, StageExecution
from chalicelib.kernel.settle import awaited, entered, owing
from chalicelib.kernel.stages import after_mark
from chalicelib.kernel.work import ExternalApproval

UNDER_WAY = frozenset({Phase.STARTING, Phase.RUNNING, Phase.STOPPING})
BEFORE_STEPS = frozenset({Phase.WAITING_TIME, Phase.GATES, Phase.PASSING, Phase.WAITING_LOCK})
ENDINGS = {
    Outcome.SUCCEEDED: Phase.SUCCEEDED,
    Outcome.FAILED: Phase.FAILED,
    Outcome.BROKEN: Phase.BROKEN,
    Outcome.REJECTED: Phase.REJECTED,
    Outcome.CANCELLED: Phase.CANCELLED,
    Outcome.SUPERSEDED: Phase.SUPERSEDED,
}


def record(plan: Plan, run: Run, event: Event) -> Run:
    """The run with the event written down; the same run when it is stale, repeated or refused."""
    match event:
        case events.Ticked():
            return run
        case events.StepStarted():
            return _started(plan, run, event)
        case events.StepFinished():
            return _finished(plan, run, event)
        case events.LockTaken():
            return _lock_taken(run, event)
        case events.LockAwaited():
            return _lock_awaited(run, event)
        case events.GatesPassed():
            return _gates_passed(plan, run, event)
        case events.Overtaken():
            return _overtaken(plan, run, event)
        case events.EffectPerformed():
            return _performed(run, event)
        case events.ExternallyDecided():
            return _externally_decided(plan, run, event)
        case events.TestsReported():
            return _reported(run, event)
        case (
            events.Approved()
            | events.Rejected()
            | events.Overridden()
            | events.CancelAsked()
            | events.StageAborted()
            | events.StageReplayed()
            | events.RunRetried()
            | events.Promoted()
            | events.PlanReplaced()
        ):
            return run if refusal(plan, run, event) is not None else _acted(plan, run, event)
        case _:
            assert_never(event)


def _with_execution(run: Run, execution: StageExecution) -> Run:
    return replace(run, stages=tuple(execution if one.number == execution.number else one for one in run.stages))


def _with_node(run: Run, number: int, key: str, state: NodeState) -> Run:
    execution = run.execution(number)
    if execution is None:
        return run
    return _with_execution(run, replace(execution, nodes={**execution.nodes, key: state}))


def _under_way(plan: Plan, run: Run, event: events.StepStarted | events.StepFinished) -> NodeState | None:
    """The state of the work that the event speaks of; nothing when it is stale, or when a group is meant."""
    found = find(plan, run, event.execution, event.node)
    if found is None or is_group(found[0]):
        return None
    return found[1] if found[1].attempt == event.attempt and found[1].phase in UNDER_WAY else None


def _started(plan: Plan, run: Run, event: events.StepStarted) -> Run:
    state = _under_way(plan, run, event)
    if state is None or state.phase is Phase.RUNNING or (state.phase is Phase.STOPPING and state.reference):
        return run
    known = replace(state, reference=event.reference, started_at=event.at)
    if state.phase is Phase.STARTING:
        known = replace(known, phase=Phase.RUNNING, ask_again=None)
    return _with_node(run, event.execution, event.node, known)


def _finished(plan: Plan, run: Run, event: events.StepFinished) -> Run:
    state = _under_way(plan, run, event)
    if state is None:
        return run
    phase = state.ending or Phase.CANCELLED if state.phase is Phase.STOPPING else ENDINGS[event.outcome]
    reason = state.reason if state.phase is Phase.STOPPING else event.reason
    final = replace(end(state, phase, event.at), reason=reason, outputs=event.outputs)
    release = event.outputs.get("release")
    known = replace(run, releases=(*run.releases, release)) if release and release not in run.releases else run
    return _with_node(known, event.execution, event.node, final)


def _lock_taken(run: Run, event: events.LockTaken) -> Run:
    if event.execution == WHOLE_RUN:
        if run.phase is not Phase.WAITING_LOCK or event.attempt != run.retries:
            return run
        return replace(run, phase=Phase.RUNNING, ask_again=None, fence=event.fence, reason="")
    execution = run.execution(event.execution)
    if execution is None or execution.phase is not Phase.WAITING_LOCK or execution.ending is not None:
        return run
    taken = replace(execution, phase=Phase.RUNNING, ask_again=None, fence=event.fence, reason="")
    return _with_execution(run, taken)


def _lock_awaited(run: Run, event: events.LockAwaited) -> Run:
    reason = f"waits for {event.holder}"
    if event.execution == WHOLE_RUN:
        waits = run.phase is Phase.WAITING_LOCK and event.attempt == run.retries and run.ending is None
        return replace(run, reason=reason) if waits else run
    execution = run.execution(event.execution)
    if execution is None or execution.phase is not Phase.WAITING_LOCK or execution.ending is not None:
        return run
    return _with_execution(run, replace(execution, reason=reason))


def _gates_passed(plan: Plan, run: Run, event: events.GatesPassed) -> Run:
    execution = run.execution(event.execution)
    if execution is None or execution.phase is not Phase.PASSING or execution.ending is not None:
        return run
    return _with_execution(run, after_mark(plan, replace(execution, ask_again=None), event.at))


def _overtaken(plan: Plan, run: Run, event: events.Overtaken) -> Run:
    """The run superseded, if it waits at or before the gates that a younger one passed."""
    if run.is_final or run.ending is not None or plan.train is None or event.by_number <= plan.train.number:
        return run
    reason = (
        f"overtaken by run {event.by_run} (number {event.by_number}) at the gates of {_stage_name(plan, event.stage)}"
    )
    return replace(run, ending=Phase.SUPERSEDED, reason=reason) if _is_behind(plan, run, event.stage) else run


def _stage_name(plan: Plan, key: str) -> str:
    return plan.by_key[key].name if key in plan.by_key else key


def _is_behind(plan: Plan, run: Run, stage: str) -> bool:
    """Whether all that goes on in the run, or what it will enter next, waits at or before the gates of a stage."""
    order = [one.key for one in plan.stages]
    if stage not in order:
        return False
    active = [one for one in run.stages if not one.is_final]
    following = awaited(plan, run) if not active else None
    places = [order.index(one.stage) for one in active] + ([order.index(following.key)] if following else [])
    return max(places, default=0) <= order.index(stage) and all(one.phase in BEFORE_STEPS for one in active)


def _performed(run: Run, event: events.EffectPerformed) -> Run:
    left = tuple(entry for entry in run.owed if effect_id(run.id, entry.effect) != event.effect)
    return run if len(left) == len(run.owed) else replace(run, owed=left)


def _externally_decided(plan: Plan, run: Run, event: events.ExternallyDecided) -> Run:
    found = find(plan, run, event.execution, event.node)
    if found is None or found[1].attempt != event.attempt or found[1].phase is not Phase.WAITING_PERSON:
        return run
    work = found[0].work
    if not isinstance(work, ExternalApproval) or work.ticket != event.ticket:
        return run
    act = Act(
        kind=ActKind.APPROVED if event.approved else ActKind.REJECTED,
        by=f"{event.by} in {work.system}" if event.by else work.system,
        at=event.at,
        execution=event.execution,
        node=event.node,
        attempt=event.attempt,
    )
    return _written(run, act)


def _reported(run: Run, event: events.TestsReported) -> Run:
    if run.is_final:
        return run
    result = Results(
        stage=event.stage,
        name=event.name,
        at=event.at,
        passed=event.passed,
        failed=event.failed,
        skipped=event.skipped,
    )
    same = [one for one in run.results if (one.stage, one.name) == (event.stage, event.name)]
    if any(one.at >= event.at for one in same):
        return run
    return replace(run, results=(*(one for one in run.results if one not in same), result))


def _acted(plan: Plan, run: Run, event: events.Act) -> Run:
    return _done(plan, _written(run, act_of(event)), event)


def _written(run: Run, act: Act) -> Run:
    return owing(replace(run, acts=(*run.acts, act)), (Audit(act=len(run.acts)),), act.at)


def act_of(event: events.Act) -> Act:
    """What is remembered of a person's act."""
    match event:
        case events.Approved() | events.Rejected() | events.Overridden():
            kinds = {events.Approved: ActKind.APPROVED, events.Rejected: ActKind.REJECTED}
            return Act(
                kind=kinds.get(type(event), ActKind.OVERRODE),
                by=event.by,
                at=event.at,
                execution=event.execution,
                node=event.node,
                attempt=event.attempt,
                notes=event.notes,
            )
        case events.StageAborted() | events.StageReplayed():
            kind = ActKind.ABORTED if isinstance(event, events.StageAborted) else ActKind.REPLAYED
            return Act(kind=kind, by=event.by, at=event.at, execution=event.execution, notes=event.notes)
        case events.CancelAsked():
            return Act(kind=ActKind.CANCELLED, by=event.by, at=event.at, notes=event.notes)
        case events.RunRetried():
            return Act(kind=ActKind.RETRIED, by=event.by, at=event.at, notes=event.notes)
        case events.Promoted():
            return Act(kind=ActKind.PROMOTED, by=event.by, at=event.at, node=event.stage, notes=event.notes)
        case events.PlanReplaced():
            return Act(kind=ActKind.REPLACED_PLAN, by=event.by, at=event.at, notes=event.plan.id)


def _done(plan: Plan, run: Run, event: events.Act) -> Run:
    match event:
        case events.Approved() | events.Rejected():
            return run
        case events.Overridden():
            return _overridden(plan, run, event)
        case events.CancelAsked():
            return replace(run, ending=Phase.CANCELLED, reason=f"cancelled by {event.by}")
        case events.StageAborted():
            return _aborted(run, event)
        case events.StageReplayed():
            return _replayed(plan, run, event)
        case events.RunRetried():
            return _retried(plan, run, event)
        case events.Promoted():
            return entered(run, plan.by_key[event.stage], event.at, until=event.begin_at)
        case events.PlanReplaced():
            return replace(run, plan=event.plan.id)


def _overridden(plan: Plan, run: Run, event: events.Overridden) -> Run:
    found = find(plan, run, event.execution, event.node)
    if found is None:
        return run
    state = end(found[1], Phase.OVERRIDDEN, event.at, f"overridden by {event.by}")
    return _with_node(run, event.execution, event.node, state)


def _aborted(run: Run, event: events.StageAborted) -> Run:
    execution = run.execution(event.execution)
    if execution is None:
        return run
    return _with_execution(run, replace(execution, ending=Phase.CANCELLED, reason=f"aborted by {event.by}"))


def _reopened(run: Run) -> Run:
    if not run.is_final:
        return run
    return replace(run, phase=Phase.NEW, ended_at=None, reason="", fence=None, retries=run.retries + 1)


def _replayed(plan: Plan, run: Run, event: events.StageReplayed) -> Run:
    execution = run.execution(event.execution)
    return run if execution is None else entered(_reopened(run), plan.by_key[execution.stage], event.at)


def _retried(plan: Plan, run: Run, event: events.RunRetried) -> Run:
    """The run reopened; its last badly ended stage goes on with what went well in it."""
    bad = [one for one in run.stages if one.phase in BAD and one is run.latest(one.stage)]
    if not bad:
        return _reopened(run)
    stage = plan.by_key[bad[-1].stage]
    return entered(_reopened(run), stage, event.at, nodes=kept(stage, bad[-1].nodes))
