"""Decisions of people as the run keeps them. What each does to the run: record_acts.py."""

from dataclasses import replace

from chalicelib.kernel.engine import events, freezing
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.run import Act, ActKind

_KINDS: dict[type, ActKind] = {
    events.Approved: ActKind.APPROVED,
    events.Rejected: ActKind.REJECTED,
    events.Overridden: ActKind.OVERRODE,
    events.Revoked: ActKind.REVOKED,
    events.Claimed: ActKind.CLAIMED,
}


def act_of(event: events.Act) -> Act:
    """The stored form of a person's decision."""
    match event:
        case events.Approved() | events.Rejected():
            return replace(_of_node(event), teams=event.teams, changes=event.changes)
        case events.Claimed():
            return replace(_of_node(event), teams=event.teams)
        case events.Overridden():
            return replace(_of_node(event), changes=event.changes)
        case events.Revoked():
            return _of_node(event)
        case events.StageAborted() | events.StageReplayed():
            kind = ActKind.ABORTED if isinstance(event, events.StageAborted) else ActKind.REPLAYED
            whole = replace(_of_run(event, kind), execution=event.execution)
            return replace(whole, behind=event.behind) if isinstance(event, events.StageReplayed) else whole
        case events.CancelRequested():
            return _of_run(event, ActKind.CANCELLED)
        case events.RunPaused():
            return _of_run(event, ActKind.RESUMED if event.goes_on else ActKind.PAUSED)
        case freezing.FreezePassed():
            whole = replace(_of_run(event, ActKind.PASSED_FREEZE), execution=event.execution)
            return replace(whole, behind=event.behind, ticket=" ".join(event.freezes))
        case events.RunRetried():
            return replace(_of_run(event, ActKind.RETRIED), behind=event.behind)
        case events.Promoted():
            kind = ActKind.FORCED if event.mode is PromotionMode.FORCED else ActKind.PROMOTED
            return replace(_of_run(event, kind), node=event.stage, behind=event.behind, request=event.request)
        case events.PlanReplaced():
            return Act(kind=ActKind.REPLACED_PLAN, by=event.by, at=event.at, notes=event.plan.id)


def _of_node(event: events.ActOnNode) -> Act:
    return Act(
        kind=_KINDS[type(event)],
        by=event.by,
        at=event.at,
        execution=event.execution,
        node=event.node,
        attempt=event.attempt,
        notes=event.notes,
        behind=event.behind,
    )


def _of_run(
    event: events.StageAborted
    | events.StageReplayed
    | events.CancelRequested
    | events.RunRetried
    | events.RunPaused
    | events.Promoted
    | freezing.FreezePassed,
    kind: ActKind,
) -> Act:
    return Act(kind=kind, by=event.by, at=event.at, notes=event.notes)
