"""What holds a run at one gate or step, by the node's phase and work. Child runs: explain.py."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chalicelib.kernel.access.role import ADMIN, Level
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.nodes import acts_on, deadline
from chalicelib.kernel.engine.progress.windows import freeze_of
from chalicelib.kernel.engine.run import ActKind, NodeState
from chalicelib.kernel.explanation import reasons
from chalicelib.kernel.explanation.hold import Deciders, Given, Hold, HoldKind, LogTail, PoolLine
from chalicelib.kernel.explanation.place import Place
from chalicelib.kernel.explanation.pool import place_in, pool_of
from chalicelib.kernel.plans.plan import DecidedBy, Node, OverriddenBy
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    ExternalApproval,
    Group,
    Impossible,
    Job,
    ManualTask,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Windows,
)

WRITERS = Level.WRITE.value
OWNERS = Level.OWNER.value


def hold_of_node(place: Place, node: Node, state: NodeState) -> Hold | None:
    """What holds the run at a node that has not ended; None while its work is done."""
    match state.phase:
        case Phase.WAITING_PERSON:
            return replace(_of_person(place, node, state), expires_at=deadline(node, state))
        case Phase.WAITING_TIME:
            return _of_time(place, node, state)
        case Phase.QUEUED:
            return replace(_of_runner(place, node, state), expires_at=deadline(node, state))
        case Phase.STARTING:
            return replace(_of_start(place, node, state), expires_at=deadline(node, state))
        case Phase.STOPPING:
            return place.hold(HoldKind.STOPPING, f"is being stopped: {state.reason}", state.began_at)
        case _:
            return None


def hold_of_failure(place: Place, node: Node, state: NodeState) -> Hold:
    """How a node ended that ended badly, with the last lines of its log if a runner did its work."""
    hold = place.hold(HoldKind(state.phase.value), state.reason or f"it {state.phase}", state.ended_at)
    if not isinstance(node.work, Job) or not state.reference:
        return hold
    return replace(hold, log=LogTail(job=state.reference, lines=tuple(place.facts.logs.get(state.reference, ()))))


def _of_person(place: Place, node: Node, state: NodeState) -> Hold:
    match node.work:
        case Approval() | ManualTask():
            return _of_approval(place, node, state, node.work)
        case ExternalApproval():
            reason = "waits for " + " and ".join(f"{one.system} to decide about {one.id}" for one in node.work.tickets)
            return replace(place.hold(HoldKind.EXTERNAL, reason, state.began_at), deciders=_overriders(place, node))
        case TestResults():
            stage = place.plan.by_key.get(node.work.stage)
            reason = f"waits for test results of {stage.name if stage is not None else node.work.stage}"
            deciders = _overriders(place, node) if node.named else Deciders(project=place.project, level=WRITERS)
            return replace(place.hold(HoldKind.TESTS, reason, state.began_at), deciders=deciders)
        case (
            Schedule()
            | Windows()
            | Wait()
            | Job()
            | RunDefinition()
            | CallWebhook()
            | TagRelease()
            | Notify()
            | Impossible()
            | Noop()
            | Group()
        ):
            raise TypeError(f"{node.key} waits for nobody")
        case _:
            assert_never(node.work)


def _overriders(place: Place, node: Node) -> Deciders:
    """Who may let count as done what nobody can hasten."""
    named = node.named
    if place.plan.overridden_by is OverriddenBy.DECIDERS and named is not None and (named.users or named.teams):
        return Deciders(project=place.project, users=named.users, teams=named.teams)
    is_for_owners = place.plan.overridden_by is OverriddenBy.OWNERS
    return Deciders(project=place.project, level=OWNERS if is_for_owners else ADMIN)


def _of_approval(place: Place, node: Node, state: NodeState, work: Approval | ManualTask) -> Hold:
    named = node.named or DecidedBy()
    deciders = Deciders(
        project=place.project,
        users=named.users,
        teams=named.teams,
        level="" if named.users or named.teams else WRITERS if node.named is None else ADMIN,
        no_self_approval=isinstance(work, Approval) and work.no_self_approval,
    )
    given = _given(place)
    kind = HoldKind.APPROVAL if isinstance(work, Approval) else HoldKind.TASK
    quorum = max(1, node.policy.quorum)
    why = f"; {state.reason}" if state.reason else ""
    hold = place.hold(kind, reasons.of_approval(deciders, quorum, given) + why, state.began_at)
    return replace(hold, deciders=deciders, quorum=quorum, given=given)


def _given(place: Place) -> tuple[Given, ...]:
    if place.execution is None or place.node is None:
        return ()
    acts = acts_on(place.run, place.execution.address_of(place.node.key))
    return tuple(Given(by=act.by, at=act.at, notes=act.notes) for act in acts if act.kind is ActKind.APPROVED)


def hold_of_freeze(place: Place, freeze: str, at: datetime, since: datetime) -> Hold:
    """What a freeze holds, when it goes on by itself, and who may let it pass."""
    known = next((one for one in place.run.freezes.all if one.id == freeze), None)
    if known is None:
        return replace(place.hold(HoldKind.FREEZE, reasons.of_time(at), since), earliest=at)
    hold = place.hold(HoldKind.FREEZE, reasons.of_freeze(known, at), since)
    may = Deciders(project=place.project, users=known.passers.users, teams=known.passers.teams, level=ADMIN)
    return replace(hold, earliest=at, deciders=may)


def _of_time(place: Place, node: Node, state: NodeState) -> Hold:
    zone = node.work.timezone if isinstance(node.work, Schedule) else ""
    if isinstance(node.work, Windows):
        zone = node.work.any_of[0].timezone
    at = place.local(state.until or place.facts.now, zone)
    if state.held_by:
        return hold_of_freeze(place, state.held_by, at, state.began_at)
    if isinstance(node.work, Schedule | Windows | Wait):
        hold = place.hold(HoldKind.TIME, reasons.of_time(at), state.began_at)
        return replace(hold, earliest=at, expires_at=deadline(node, state), deciders=_overriders(place, node))
    said = f"; the last one: {state.reason}" if state.reason else ""
    hold = place.hold(HoldKind.RETRY, f"attempt {state.attempt} {reasons.of_time(at)}{said}", state.began_at)
    return replace(hold, earliest=at)


def _of_runner(place: Place, node: Node, state: NodeState) -> Hold:
    """Why no runner has the job. Of a child run that may not be seen, no more than that it waits."""
    since, now = state.started_at or state.began_at, place.facts.now
    frozen = freeze_of(place.plan, place.run, place.execution, now) if place.execution is not None else None
    if frozen is not None:
        return hold_of_freeze(place, frozen.freeze.id, place.local(frozen.opens, ""), since)
    if not isinstance(node.work, Job):
        return place.hold(HoldKind.RUNNER, f"run {state.reference} waits for a runner", since)
    name = node.work.pool
    line = place.facts.pools.get(name) or PoolLine(pool=pool_of(name, (), now))
    nth = place_in(line, place.project, state.reference)
    hold = place.hold(HoldKind.RUNNER, reasons.of_pool(line, place.project, nth, now), since)
    return replace(hold, pool=line.pool, place=nth)


def _of_start(place: Place, node: Node, state: NodeState) -> Hold:
    match node.work:
        case CallWebhook():
            reason = f"calls {node.work.url}, which has not answered yet"
        case Notify():
            reason = "the message is being sent"
        case _:
            reason = "the platform starts it in a moment"
    return place.hold(HoldKind.STARTING, reason, state.began_at)
