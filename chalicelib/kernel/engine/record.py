"""Applies one event to a run. What then follows from the new state is in progress/settle.py."""

from dataclasses import replace
from typing import assert_never

from chalicelib.kernel.engine import events, freezing
from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.effects import WHOLE_RUN, effect_id
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.people.record_acts import apply_act
from chalicelib.kernel.engine.people.refusal import find, refusal
from chalicelib.kernel.engine.people.reopen import lapsed, remember_act
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.graph import is_group
from chalicelib.kernel.engine.progress.nodes import acts_on, end
from chalicelib.kernel.engine.progress.onward import awaited
from chalicelib.kernel.engine.progress.stages import after_mark
from chalicelib.kernel.engine.run import Act, ActKind, NodeState, Results, Run, StageExecution
from chalicelib.kernel.plans.freezes import Freezes
from chalicelib.kernel.plans.plan import NodeAddress, Plan
from chalicelib.kernel.plans.work import ExternalApproval

UNDER_WAY = frozenset({Phase.STARTING, Phase.RUNNING, Phase.STOPPING})
BEFORE_STEPS = frozenset({Phase.GATES, Phase.WAITING_PERSON, Phase.WAITING_TIME, Phase.PASSING, Phase.WAITING_LOCK})


OfStep = events.StepStarted | events.StepTried | events.StepFinished


def record(plan: Plan, run: Run, event: Event) -> Run:
    """Apply an event to the run. Returns the same run when the event is stale, repeated or refused."""
    if isinstance(event, events.Act):
        return run if refusal(plan, run, event) is not None else apply_act(plan, run, event)
    if isinstance(event, events.Heard):
        return _heard(plan, run, event)
    match event:
        case events.Ticked() | events.EffectsLost():
            return run
        case events.StepStarted() | events.StepTried() | events.StepFinished():
            return _of_step(plan, run, event)
        case events.LockTaken():
            return _lock_taken(run, event)
        case events.LockAwaited():
            return _lock_awaited(run, event)
        case events.GatesPassed() | events.WatermarkChecked():
            return _not_overtaken(plan, run, event)
        case events.Overtaken():
            return _overtaken(plan, run, event)
        case events.EffectPerformed():
            return _performed(run, event)
        case events.ExternallyDecided():
            return _externally_decided(plan, run, event)
        case events.TestsReported():
            return _reported(run, event)
        case _:
            assert_never(event)


def _heard(plan: Plan, run: Run, event: events.Heard) -> Run:
    match event:
        case freezing.FreezesChanged():
            return run
        case freezing.FreezesRead():
            is_new = not run.is_final and event.version > run.freezes.version
            return replace(run, freezes=Freezes(version=event.version, all=event.freezes)) if is_new else run
        case ChangesRead():
            return lapsed(plan, run, event)


def _of_step(plan: Plan, run: Run, event: OfStep) -> Run:
    match event:
        case events.StepStarted():
            return _started(plan, run, event)
        case events.StepTried():
            return _tried(plan, run, event)
        case events.StepFinished():
            return _finished(plan, run, event)


def _under_way(plan: Plan, run: Run, event: OfStep) -> NodeState | None:
    """The state of the step that the event is about; None when the event is stale or names a group."""
    found = find(plan, run, event)
    if found is None or is_group(found[0]):
        return None
    return found[1] if found[1].attempt == event.attempt and found[1].phase in UNDER_WAY else None


def _started(plan: Plan, run: Run, event: events.StepStarted) -> Run:
    state = _under_way(plan, run, event)
    if state is None or state.phase is Phase.RUNNING or (state.phase is Phase.STOPPING and state.reference):
        return run
    known = replace(state, reference=event.reference, started_at=event.at)
    if state.phase is Phase.STARTING:
        known = replace(known, phase=Phase.RUNNING, redeliver_at=None)
    return run.with_node(event, known)


def _tried(plan: Plan, run: Run, event: events.StepTried) -> Run:
    state = _under_way(plan, run, event)
    if state is None or state.phase is Phase.STOPPING or state.reason == event.reason:
        return run
    return run.with_node(event, replace(state, reason=event.reason))


def _finished(plan: Plan, run: Run, event: events.StepFinished) -> Run:
    state = _under_way(plan, run, event)
    if state is None:
        return run
    phase = state.ending or Phase.CANCELLED if state.phase is Phase.STOPPING else Phase(event.outcome)
    reason = state.reason if state.phase is Phase.STOPPING else event.reason
    final = replace(end(state, phase, event.at), reason=reason, outputs=event.outputs)
    release = event.outputs.get("release")
    known = replace(run, releases=(*run.releases, release)) if release and release not in run.releases else run
    return known.with_node(event, final)


def _lock_taken(run: Run, event: events.LockTaken) -> Run:
    if event.execution == WHOLE_RUN:
        if run.phase is not Phase.WAITING_LOCK or event.attempt != run.retries:
            return run
        return replace(run, phase=Phase.RUNNING, redeliver_at=None, fence=event.fence, reason="")
    execution = run.execution(event.execution)
    if execution is None or not _awaits_lock(execution, event.attempt):
        return run
    taken = replace(execution, phase=Phase.RUNNING, redeliver_at=None, fence=event.fence, reason="")
    return run.with_execution(taken)


def _lock_awaited(run: Run, event: events.LockAwaited) -> Run:
    reason = f"waits for {event.holder}"
    if event.execution == WHOLE_RUN:
        waits = run.phase is Phase.WAITING_LOCK and event.attempt == run.retries and run.ending is None
        return replace(run, reason=reason) if waits else run
    execution = run.execution(event.execution)
    if execution is None or not _awaits_lock(execution, event.attempt):
        return run
    return run.with_execution(replace(execution, reason=reason))


def _awaits_lock(execution: StageExecution, turn: int) -> bool:
    return execution.phase is Phase.WAITING_LOCK and execution.ending is None and execution.turn == turn


def _not_overtaken(plan: Plan, run: Run, event: events.GatesPassed | events.WatermarkChecked) -> Run:
    execution = run.execution(event.execution)
    if execution is None or execution.ending is not None:
        return run
    if isinstance(event, events.WatermarkChecked):
        heard = replace(execution, redeliver_at=None)
        return run.with_execution(heard) if execution.phase is Phase.GATES and heard != execution else run
    if execution.phase is not Phase.PASSING:
        return run
    return run.with_execution(after_mark(plan, replace(execution, redeliver_at=None), event.at))


def _overtaken(plan: Plan, run: Run, event: events.Overtaken) -> Run:
    """Mark the run superseded if it waits at or before the gates that a newer run of the train passed."""
    if run.is_final or run.ending is not None or plan.train is None or event.by_number <= plan.train.number:
        return run
    if plan.redeploys:
        return run
    reason = (
        f"overtaken by run {event.by_run} (number {event.by_number}) at the gates of {_stage_name(plan, event.stage)}"
    )
    return replace(run, ending=Phase.SUPERSEDED, reason=reason) if _is_behind(plan, run, event.stage) else run


def _stage_name(plan: Plan, key: str) -> str:
    return plan.by_key[key].name if key in plan.by_key else key


def _is_behind(plan: Plan, run: Run, stage: str) -> bool:
    """Whether every stage that the run has entered, or else enters next, is at or before these gates."""
    order = [one.key for one in plan.stages]
    if stage not in order:
        return False
    active = [one for one in run.stages if not one.is_final and not one.is_collecting]
    following = awaited(plan, run) if not active else None
    places = [order.index(one.stage) for one in active] + ([order.index(following.key)] if following else [])
    return max(places, default=0) <= order.index(stage) and all(one.phase in BEFORE_STEPS for one in active)


def _performed(run: Run, event: events.EffectPerformed) -> Run:
    left = tuple(entry for entry in run.pending_effects if effect_id(run.id, entry.effect) != event.effect)
    return run if len(left) == len(run.pending_effects) else replace(run, pending_effects=left)


def _externally_decided(plan: Plan, run: Run, event: events.ExternallyDecided) -> Run:
    found = find(plan, run, event)
    if found is None or found[1].attempt != event.attempt or found[1].phase is not Phase.WAITING_PERSON:
        return run
    work = found[0].work
    tickets = work.tickets if isinstance(work, ExternalApproval) else ()
    system = next((one.system for one in tickets if one.id == event.ticket), None)
    if system is None:
        return run
    act = Act(
        kind=ActKind.APPROVED if event.approved else ActKind.REJECTED,
        by=f"{event.by} in {system}" if event.by else system,
        at=event.at,
        ticket=event.ticket,
        notes=event.notes,
        **event.as_fields(),
    )
    # Told again while other tickets are open, it is the same decision.
    return run if _is_known(run, act) else remember_act(run, act)


def _is_known(run: Run, act: Act) -> bool:
    known = acts_on(run, NodeAddress(execution=act.execution, node=act.node, attempt=act.attempt))
    return any((one.kind, one.ticket) == (act.kind, act.ticket) for one in known)


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
