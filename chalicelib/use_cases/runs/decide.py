"""What users do to runs: approve, reject, override, cancel, abort, replay, retry, promote; and report test results."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.confirmation import teams_of
from chalicelib.kernel.engine import events
from chalicelib.kernel.engine.events import Act, PromotionMode
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.run import ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.faults import Conflict, Forbidden, NotFound
from chalicelib.kernel.plans.plan import Node, NodeAddress, Plan, Stage
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.changes.bound_changes import digest_behind
from chalicelib.use_cases.changes.read_once import reading_of
from chalicelib.use_cases.launch.plan import refuse_old_guard
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import decide
from chalicelib.use_cases.runs.deciders import (
    check_again,
    check_caller,
    check_decider,
    check_override,
    check_self_approval,
    checked_mode,
)
from chalicelib.use_cases.runs.read import RunView, run_view
from slipway_formats.frozen import frozen

LONGEST_NOTES = 1000
SHORT = 12
"""Characters of a digest that a message names."""


KINDS: dict[ActKind, Callable[..., Act]] = {
    ActKind.APPROVED: events.Approved,
    ActKind.REJECTED: events.Rejected,
    ActKind.CLAIMED: events.Claimed,
    ActKind.OVERRODE: events.Overridden,
    ActKind.REVOKED: events.Revoked,
}
"""What each decision about a node becomes."""

FOR_TEAMS = frozenset({ActKind.APPROVED, ActKind.REJECTED, ActKind.CLAIMED})
"""Decisions that count for the teams whose members make them."""

DECIDING = frozenset({ActKind.APPROVED, ActKind.REJECTED, ActKind.OVERRODE})
"""Acts after which a node waits no more, or for fewer."""

AGAIN = frozenset({ActKind.RETRIED, ActKind.REPLAYED})
"""Acts after which steps of a plan run that may be older than its pipeline."""


@frozen
class DecideNode:
    """Approve, reject, claim or override a waiting node, or take one's approval of it back.

    node: key or name; empty for the only one that waits. team: for which of those that decide about it; empty for all
    whose member one is. changes: digest of the change set that was shown; empty binds the decision to none.
    """

    run: str
    kind: ActKind
    by: Principal
    node: str = ""
    execution: int | None = None
    team: str = ""
    notes: str = ""
    changes: str = ""


@frozen
class DecideRun:
    """Cancel or retry a run, abort or replay a stage execution, or promote to a stage (key or name).

    at_once: a cancelled run runs none of the steps that clean up. request: as of the act.
    """

    run: str
    kind: ActKind
    by: Principal
    execution: int | None = None
    stage: str = ""
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    notes: str = ""
    at_once: bool = False
    request: str = ""


def decide_node(ports: Ports, command: DecideNode) -> RunView:
    """Apply a decision on a node and return the run. Faults: NotFound, Conflict, Forbidden, Invalid, Stale."""
    run = ports.runs.run(command.run)
    plan = ports.runs.plan(run.plan)
    try:
        return _decide_node(ports, command, run, plan)
    except Forbidden as refused:
        _audit_refusal(ports, command, plan, str(refused))
        raise


def _audit_refusal(ports: Ports, command: DecideNode | DecideRun, plan: Plan, why: str) -> None:
    entry = AuditEntry(
        id=f"{ports.ids.identifier()}/refused-decision",
        at=ports.clock.now(),
        by=command.by.name,
        act="refused-decision",
        subject=command.run,
        project=plan.definition.project,
        notes=why,
        details={"kind": command.by.kind, "token": command.by.token, "decision": command.kind},
    )
    ports.audits.write(entry)


def _decide_node(ports: Ports, command: DecideNode, run: Run, plan: Plan) -> RunView:
    check_caller(command.by, command.notes)
    execution, node, _ = _meant_node(plan, run, command)
    _check_may_decide(ports, command, node, RunView(run=run, plan=plan))
    place = execution.address_of(node.key)
    if command.changes:
        _check_changes(ports, command, RunView(run=run, plan=plan), place)
    make = KINDS[command.kind]
    act = make(
        at=ports.clock.now(),
        **place.as_fields(),
        by=command.by.name,
        notes=command.notes,
        behind=begun_by(ports, command.by),
        **({"teams": _teams(command, node)} if command.kind in FOR_TEAMS else {}),
        **({"changes": command.changes} if command.kind in DECIDING else {}),
    )
    return run_view(ports, decide(ports, run, act))


def _check_changes(ports: Ports, command: DecideNode, seen: RunView, place: NodeAddress) -> None:
    """Refuse a decision about a change set that is no longer the one which would be let in. Faults: Conflict."""
    today = digest_behind(reading_of(ports), seen.plan, seen.run, place)
    if today != command.changes:
        shown = command.changes[:SHORT]
        raise Conflict(f"what {place.node} lets in has changed: its change set is {today[:SHORT]}, not {shown}")


def _teams(command: DecideNode, node: Node) -> tuple[str, ...]:
    """Return for which teams a decision counts. Faults: Forbidden if one is named and they are not of it."""
    teams = teams_of(command.by, node)
    if command.team and command.team not in teams:
        raise Forbidden(f"{command.by.name} does not decide about {node.name} for team {command.team}")
    return (command.team,) if command.team else teams


def _check_may_decide(ports: Ports, command: DecideNode, node: Node, seen: RunView) -> None:
    """Refuse who may not. To take back what they said themselves, nobody needs a right."""
    if command.kind is ActKind.OVERRODE:
        check_override(ports, command.by, node, seen)
    elif command.kind is not ActKind.REVOKED:
        check_decider(command.by, seen.plan, node)
    if command.kind is ActKind.APPROVED:
        check_self_approval(ports, command.by, node, seen)


def _meant_node(plan: Plan, run: Run, command: DecideNode) -> tuple[StageExecution, Node, NodeState]:
    """Return the node that the command means. Faults: NotFound; Conflict if none waits, or more than one."""
    found = [
        (execution, node, execution.nodes[node.key])
        for execution in run.stages
        if not execution.is_final and command.execution in (None, execution.number)
        for node in plan.by_key[execution.stage].nodes
        if node.key in execution.nodes and command.node in (node.key, node.name, "")
    ]
    meant = [one for one in found if _is_meant(command, one[2])]
    persons = [one for one in meant if one[1].awaits_word] or meant
    if not persons:
        raise _nothing_meant(plan, run, command)
    if len(persons) > 1:
        names = ", ".join(one[1].name for one in persons)
        raise Conflict(f"more than one waits, name it: {names}")
    return persons[0]


def _is_meant(command: DecideNode, state: NodeState) -> bool:
    # An approval that is taken back has passed already, and so may have a window that is overridden.
    passed = state.phase is Phase.SUCCEEDED and command.node != ""
    return state.phase.value.startswith("waiting") or (passed and command.kind in {ActKind.REVOKED, ActKind.OVERRODE})


def _nothing_meant(plan: Plan, run: Run, command: DecideNode) -> NotFound | Conflict:
    """What to answer where nothing waits that the command could mean: who was faster, if somebody was."""
    nodes = (node for stage in plan.stages for node in stage.nodes)
    named = {node.key for node in nodes if command.node in (node.key, node.name)}
    if command.node and not named:
        return NotFound(f"no node {command.node} in run {command.run}")
    nothing = f"{command.node} does not wait" if command.node else f"nothing in run {command.run} waits for a decision"
    acts = (act for act in reversed(run.acts) if act.kind in DECIDING and command.execution in (None, act.execution))
    faster = next((act for act in acts if not command.node or act.node in named), None)
    return Conflict(f"{nothing}: {faster.by} {faster.kind} it at {faster.at:%Y-%m-%dT%H:%M:%SZ}" if faster else nothing)


def decide_run(ports: Ports, command: DecideRun) -> RunView:
    """Apply an act on a run and return the run. Faults: NotFound, Conflict, Forbidden, Invalid, Stale."""
    run = ports.runs.run(command.run)
    act = _permitted(ports, RunView(run=run, plan=ports.runs.plan(run.plan)), command)
    return run_view(ports, decide(ports, run, act))


def decide_either(ports: Ports, command: DecideNode | DecideRun) -> RunView:
    """Apply a decision on a node or an act on a run. Faults: those of `decide_node` and `decide_run`."""
    match command:
        case DecideNode():
            return decide_node(ports, command)
        case DecideRun():
            return decide_run(ports, command)


def allowed_act(ports: Ports, seen: RunView, command: DecideRun) -> Act:
    """Return an act on a run as it was read, or is to begin. Faults: those with which `decide_run` would refuse it."""
    act = _permitted(ports, seen, command)
    reason = refusal(seen.plan, settle(seen.plan, seen.run, act.at), act)
    if reason is not None:
        raise Conflict(reason)
    return act


def _permitted(ports: Ports, seen: RunView, command: DecideRun) -> Act:
    """Return the act, which the caller may do. Faults: Forbidden, of which the audit log tells; Conflict, Invalid."""
    try:
        check_caller(command.by, command.notes)
        if command.kind in AGAIN:
            refuse_old_guard(ports, seen.plan)
            check_again(ports, seen.plan)
        return _act(ports, seen.run, seen.plan, command)
    except Forbidden as refused:
        _audit_refusal(ports, command, seen.plan, str(refused))
        raise


def _act(ports: Ports, run: Run, plan: Plan, command: DecideRun) -> Act:
    now, by, behind = ports.clock.now(), command.by.name, begun_by(ports, command.by)
    notes = command.notes
    match command.kind:
        case ActKind.CANCELLED:
            return events.CancelRequested(at=now, by=by, retries=run.retries, notes=notes, at_once=command.at_once)
        case ActKind.RETRIED:
            return events.RunRetried(at=now, retries=run.retries, by=by, notes=notes, behind=behind)
        case ActKind.ABORTED:
            return events.StageAborted(at=now, execution=_execution(run, command), by=by, notes=notes)
        case ActKind.REPLAYED:
            return events.StageReplayed(at=now, execution=_execution(run, command), by=by, notes=notes, behind=behind)
        case _:
            return _promotion(ports, RunView(run=run, plan=plan), command, behind=behind)


def _promotion(ports: Ports, seen: RunView, command: DecideRun, *, behind: tuple[str, ...]) -> Act:
    at, stage = ports.clock.now(), stage_named(seen.plan, command.stage)
    settled = replace(seen, run=settle(seen.plan, seen.run, at))
    latest = settled.run.latest(stage.key)
    return events.Promoted(
        at=at,
        stage=stage.key,
        executions=seen.run.entered,
        by=command.by.name,
        begin_at=command.begin_at,
        brings_forward=latest.number if latest is not None and latest.is_scheduled else 0,
        mode=checked_mode(ports, command.by, settled, stage, mode=command.mode),
        notes=command.notes,
        behind=behind,
        request=command.request,
    )


def _execution(run: Run, command: DecideRun) -> int:
    if command.execution is not None:
        return command.execution
    if not run.stages:
        raise Conflict(f"no stage of run {run.id} has begun")
    return run.stages[-1].number


def stage_named(plan: Plan, name: str) -> Stage:
    """Return the stage of a key or name. Faults: NotFound."""
    for stage in plan.stages:
        if name in (stage.key, stage.name):
            return stage
    raise NotFound(f"no stage {name} in run {plan.id}")
