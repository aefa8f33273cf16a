"""Applies decisions of people (approve, cancel, promote, …) to a run. Other events: record.py."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.engine import events, freezing
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.people.acts import act_of
from chalicelib.kernel.engine.people.refusal import find
from chalicelib.kernel.engine.people.reopen import remember_act, reopened
from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.engine.progress.nodes import end
from chalicelib.kernel.engine.progress.onward import entered, opened, promote
from chalicelib.kernel.engine.progress.replacement import vanished
from chalicelib.kernel.engine.progress.retry import keep_successes
from chalicelib.kernel.engine.progress.windows import unmet_gates
from chalicelib.kernel.engine.run import Act, ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import NodeAddress, Plan


def apply_act(plan: Plan, run: Run, event: events.Act) -> Run:
    """Apply a person's decision to the run and remember it. The caller has checked `refusal`."""
    return _done(plan, remember_act(run, act_of(event)), event)


def _done(plan: Plan, run: Run, event: events.Act) -> Run:
    match event:
        case events.Approved() | events.Rejected() | events.Claimed():
            return run
        case events.Revoked():
            return reopened(plan, run, event)
        case events.Overridden():
            return _overridden(plan, run, event)
        case events.CancelRequested():
            reason = f"cancelled by {event.by}"
            return replace(run, ending=Phase.CANCELLED, reason=reason, at_once=event.at_once)
        case events.StageAborted():
            return _aborted(run, event)
        case events.StageReplayed():
            return _replayed(plan, run, event)
        case events.RunPaused():
            return replace(run, is_paused=not event.goes_on)
        case events.RunRetried():
            return _retried(plan, run, event)
        case events.Promoted():
            return _promoted(plan, run, event)
        case events.PlanReplaced():
            return vanished(event.plan, replace(run, plan=event.plan.id))
        case freezing.FreezePassed():
            return _passed(run, event)


def _overridden(plan: Plan, run: Run, event: events.Overridden) -> Run:
    found = find(plan, run, event)
    if found is None:
        return run
    state = end(found[1], Phase.OVERRIDDEN, event.at, f"overridden by {event.by}")
    return run.with_node(event, state)


def _promoted(plan: Plan, run: Run, event: events.Promoted) -> Run:
    stage = plan.by_key[event.stage]
    given = promote(plan, run, stage, event.at, until=event.begin_at)
    execution = given.latest(stage.key)
    if execution is None or event.mode is not PromotionMode.FORCED:
        return given
    for gate in unmet_gates(stage, execution.nodes, event.at):
        state = execution.nodes.get(gate.key) or NodeState(phase=Phase.NEW, began_at=event.at)
        place = NodeAddress(execution=execution.number, node=gate.key, attempt=state.attempt)
        given = given.with_node(place, end(state, Phase.OVERRIDDEN, event.at, f"overridden by {event.by}"))
        act = Act(kind=ActKind.OVERRODE, by=event.by, at=event.at, notes=event.notes, behind=event.behind)
        given = remember_act(given, replace(act, **place.as_fields()))
    return given


def _passed(run: Run, event: freezing.FreezePassed) -> Run:
    execution = run.execution(event.execution)
    if execution is None:
        return run
    return run.with_execution(replace(execution, passed=(*execution.passed, *event.freezes)))


def _aborted(run: Run, event: events.StageAborted) -> Run:
    execution = run.execution(event.execution)
    if execution is None:
        return run
    return run.with_execution(replace(execution, ending=Phase.CANCELLED, reason=f"aborted by {event.by}"))


def _reopened(plan: Plan, run: Run, at: datetime) -> Run:
    """Reopen a run that has ended; where it was open for approvals when it ended, it is so again."""
    if not run.is_final:
        return run
    again = replace(run, phase=Phase.NEW, ended_at=None, reason="", fence=None, retries=run.retries + 1, at_once=False)
    for execution in _bad(run):
        if execution.awaits_promotion:
            again = opened(plan, again, plan.by_key[execution.stage], at)
    return again


def _bad(run: Run) -> list[StageExecution]:
    """The latest executions of stages that ended badly."""
    return [one for one in run.stages if one.phase in BAD and one is run.latest(one.stage)]


def _replayed(plan: Plan, run: Run, event: events.StageReplayed) -> Run:
    execution, again = run.execution(event.execution), _reopened(plan, run, event.at)
    if execution is None or execution is not again.latest(execution.stage):
        return again
    stage = plan.by_key[execution.stage]
    return entered(plan, again, stage, event.at, awaits_promotion=execution.awaits_promotion)


def _retried(plan: Plan, run: Run, event: events.RunRetried) -> Run:
    """Reopen the run: its last badly ended stage runs again, keeping the nodes that succeeded."""
    again = _reopened(plan, run, event.at)
    bad = [one for one in _bad(run) if not one.awaits_promotion]
    if not bad:
        return again
    stage = plan.by_key[bad[-1].stage]
    return entered(plan, again, stage, event.at, nodes=keep_successes(stage, bad[-1].nodes))
