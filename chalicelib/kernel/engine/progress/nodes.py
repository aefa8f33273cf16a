"""The life cycle of one node: begin, wait, time out, retry, stop. Which node may begin: graph.py."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.context import NodeContext
from chalicelib.kernel.engine.progress.graph import is_group
from chalicelib.kernel.engine.progress.results import verdict
from chalicelib.kernel.engine.progress.windows import InForce
from chalicelib.kernel.engine.run import Act, ActKind, NodeState, Run
from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.condition import ConditionBroken, holds
from chalicelib.kernel.plans.plan import Node, NodeAddress
from chalicelib.kernel.plans.windows import next_opening
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

REDELIVER_AFTER = timedelta(seconds=30)
"""How long an effect may stay unacknowledged. Rounded up, so that the due index is rarely rewritten."""

LONGEST_REDELIVERY = timedelta(minutes=4)
"""How long a start that was requested again and again may stay unacknowledged before it is requested once more."""

EPOCH = datetime.min.replace(tzinfo=UTC)
ASKED = frozenset({Phase.STARTING, Phase.STOPPING})
TIMED = frozenset({Phase.WAITING_PERSON, Phase.STARTING, Phase.RUNNING})


def next_redelivery(now: datetime, length: timedelta = REDELIVER_AFTER) -> datetime:
    """When an effect sent now is sent again if unacknowledged: after `length`, rounded up to a multiple of it."""
    whole, rest = divmod(now + length - EPOCH, length)
    return EPOCH + length * (whole + bool(rest))


def deadline(node: Node, state: NodeState) -> datetime | None:
    """When the node times out or its approval expires; None without a limit, during back-off, or once it stops."""
    timeout = node.policy.timeout
    expiry = node.work.expires_after if isinstance(node.work, Approval) else None
    if (timeout is None and expiry is None) or not _is_timed(node, state):
        return None
    return state.began_at + min(limit for limit in (timeout, expiry) if limit is not None)


def _is_timed(node: Node, state: NodeState) -> bool:
    return state.phase in TIMED or (
        state.phase is Phase.WAITING_TIME and isinstance(node.work, Schedule | Windows | Wait)
    )


def begin(context: NodeContext, node: Node) -> NodeState:
    """Create the state of a node that begins: skipped or broken by its precondition, waiting, or starting."""
    fresh = NodeState(phase=Phase.NEW, began_at=context.now)
    if node.policy.precondition is not None:
        try:
            if not holds(node.policy.precondition, context.names):
                return end(fresh, Phase.SKIPPED, context.now, "its precondition does not hold")
        except ConditionBroken as broken:
            # The last attempt, for trying again would start what nobody knows may start.
            last = replace(fresh, attempt=node.policy.attempts)
            return end(last, Phase.BROKEN, context.now, f"its precondition is broken: {broken}")
    return _entered(fresh, node, context.now)


def _entered(state: NodeState, node: Node, now: datetime) -> NodeState:
    match node.work:
        case Approval() | ManualTask() | ExternalApproval() | TestResults():
            return replace(state, phase=Phase.WAITING_PERSON)
        case Schedule():
            return _scheduled(state, node.work, now)
        case Windows():
            return in_window(state, node.work, now)
        case Wait():
            until = node.work.until or now + (node.work.duration or timedelta(0))
            return replace(state, phase=Phase.WAITING_TIME, until=until)
        case Group():
            return replace(state, phase=Phase.RUNNING, started_at=now)
        case Job() | RunDefinition() | CallWebhook() | TagRelease() | Notify() | Impossible() | Noop():
            return replace(state, phase=Phase.STARTING, redeliver_at=next_redelivery(now))


def in_window(state: NodeState, work: Windows, now: datetime) -> NodeState:
    """Pass a gate whose window is open, else wait until one opens."""
    opens = next_opening(work, now)
    if opens is None:
        return end(state, Phase.BROKEN, now, "no window ever opens again")
    if opens <= now:
        return end(state, Phase.SUCCEEDED, now)
    return replace(state, phase=Phase.WAITING_TIME, until=opens, ended_at=None)


def _scheduled(state: NodeState, work: Schedule, now: datetime) -> NodeState:
    fire = quartz.next_after(quartz.parse(work.cron), now, ZoneInfo(work.timezone))
    if fire is None:
        return end(state, Phase.BROKEN, now, f"the schedule {work.cron} never fires again")
    return replace(state, phase=Phase.WAITING_TIME, until=fire)


def settled(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    """Apply time and decisions to a node: approve, time out, retry, open, redeliver. Not for a stopping stage."""
    match state.phase:
        case Phase.WAITING_PERSON:
            return _decided(context, node, state)
        case Phase.WAITING_TIME:
            return _woken(context, node, state)
        case Phase.STARTING | Phase.RUNNING if _is_late(context, node, state):
            return stop(context, node, state, ending=Phase.FAILED, reason=f"timed out after {node.policy.timeout}")
        case Phase.FAILED | Phase.BROKEN if state.attempt < node.policy.attempts:
            return _tried_again(context, node, state)
        case _:
            return redelivered(state, context.now)


def _is_late(context: NodeContext, node: Node, state: NodeState) -> bool:
    due = deadline(node, state)
    return due is not None and context.now >= due


def redelivered(state: NodeState, now: datetime) -> NodeState:
    """Request the node's unacknowledged effect again, when that is due: a start each time later, up to the longest."""
    if state.phase not in ASKED or state.redeliver_at is None or now < state.redeliver_at:
        return state
    # A call that hangs is acknowledged late, and its message comes again of itself: each request adds one more.
    age = now - state.began_at if state.phase is Phase.STARTING else REDELIVER_AFTER
    longer = min(max(age, REDELIVER_AFTER), LONGEST_REDELIVERY) - REDELIVER_AFTER
    return replace(state, redeliver_at=next_redelivery(now + longer))


def _decided(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    decided = _judged(context, node.work, state) if isinstance(node.work, TestResults) else _heard(context, node, state)
    due = deadline(node, state)
    if decided is state and due is not None and context.now >= due:
        return end(state, Phase.FAILED, due, f"no decision within {due - state.began_at}")
    return decided


def _judged(context: NodeContext, work: TestResults, state: NodeState) -> NodeState:
    said = verdict(work, context.run.results)
    return state if said is None else end(state, said.phase, context.now, said.reason)


def _heard(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    acts = acts_on(context.run, NodeAddress(execution=context.execution.number, node=node.key, attempt=state.attempt))
    no = next((act for act in acts if act.kind is ActKind.REJECTED), None)
    if no is not None:
        return end(state, Phase.REJECTED, no.at, f"rejected by {no.by}" + (f": {no.notes}" if no.notes else ""))
    yes = {act.by: act.at for act in acts if act.kind is ActKind.APPROVED}
    quorum = node.policy.quorum if isinstance(node.work, Approval | ManualTask) else 1
    if len(yes) < max(1, quorum) or _missing_teams(node, acts) or _missing_tickets(node, acts):
        return state
    return end(state, Phase.SUCCEEDED, max(yes.values()), "approved by " + ", ".join(sorted(yes)))


def _missing_teams(node: Node, acts: tuple[Act, ...]) -> frozenset[str]:
    """The teams that must approve and have not; another system's word needs none of them."""
    if node.decided_by is None or not node.decided_by.all_teams or isinstance(node.work, ExternalApproval):
        return frozenset()
    given = (team for act in acts if act.kind is ActKind.APPROVED for team in act.teams)
    return frozenset(node.decided_by.teams).difference(given)


def _missing_tickets(node: Node, acts: tuple[Act, ...]) -> frozenset[str]:
    """The tickets that must be approved and are not; a person's word needs none of them."""
    given = [act for act in acts if act.kind is ActKind.APPROVED]
    if not isinstance(node.work, ExternalApproval) or any(not act.ticket for act in given):
        return frozenset()
    return frozenset(one.id for one in node.work.tickets).difference(act.ticket for act in given)


TAKING_BACK = frozenset({ActKind.REVOKED, ActKind.LAPSED})
"""Acts after which an approval does not stand."""


def acts_on(run: Run, of: NodeAddress) -> tuple[Act, ...]:
    """The decisions about one attempt at a node that stand: neither taken back nor lapsed."""
    stand: list[Act] = []
    for act in run.acts:
        if (act.execution, act.node, act.attempt) != (of.execution, of.node, of.attempt):
            continue
        if act.kind is ActKind.CLAIMED:
            continue
        if act.kind in TAKING_BACK:
            stand = [one for one in stand if not _is_taken_back(one, act)]
        else:
            stand.append(act)
    return tuple(stand)


def _is_taken_back(given: Act, by: Act) -> bool:
    if given.kind is not ActKind.APPROVED or not given.is_of(by.by, by.behind):
        return False
    return by.kind is ActKind.REVOKED or given.changes not in {"", by.changes}


def _woken(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    """End a wait whose time has come, or that timed out before; after a back-off, start the next attempt."""
    if state.held_by:
        return _start_again(context, node, state)
    due, until = deadline(node, state), state.until or context.now
    if due is not None and due < until:
        return state if context.now < due else end(state, Phase.FAILED, due, f"timed out after {node.policy.timeout}")
    if context.now < until:
        return state
    if isinstance(node.work, Schedule | Wait):
        return end(state, Phase.SUCCEEDED, max(until, state.began_at))
    if isinstance(node.work, Windows):
        return in_window(state, node.work, context.now)
    return _start_again(context, node, state)


def _tried_again(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    now = context.now
    fresh = NodeState(phase=Phase.STARTING, attempt=state.attempt + 1, began_at=now, reason=state.reason)
    if not node.policy.backoff:
        return _start_again(context, node, fresh)
    pause = node.policy.backoff * 2 ** min(state.attempt - 1, 16)
    return replace(fresh, phase=Phase.WAITING_TIME, until=(state.ended_at or now) + pause)


def _start_again(context: NodeContext, node: Node, state: NodeState) -> NodeState:
    """Start the next attempt; behind a gate that has shut again, or in a freeze, wait until it opens."""
    now, shut = context.now, context.shut
    if shut is None:
        again = next_redelivery(now)
        return replace(state, phase=Phase.STARTING, began_at=now, until=None, redeliver_at=again, held_by="")
    if shut.opens is None:
        return end(replace(state, attempt=node.policy.attempts), Phase.BROKEN, now, shut.reason)
    held_by = shut.freeze.id if isinstance(shut, InForce) else ""
    held = replace(state, phase=Phase.WAITING_TIME, until=shut.opens, held_by=held_by)
    return state if held == state else held


def end(state: NodeState, phase: Phase, at: datetime, reason: str = "") -> NodeState:
    """End a node in a final phase. reason: empty keeps the reason that it has."""
    return replace(
        state, phase=phase, ended_at=at, reason=reason or state.reason, until=None, redeliver_at=None, ending=None
    )


def stop(context: NodeContext, node: Node, state: NodeState, *, ending: Phase, reason: str) -> NodeState:
    """Stop a node: a waiting one ends at once, one with work under way becomes STOPPING until the work has ended."""
    if state.phase not in (Phase.STARTING, Phase.RUNNING):
        return end(state, ending, context.now, reason)
    again = None if is_group(node) else next_redelivery(context.now)
    return replace(state, phase=Phase.STOPPING, ending=ending, reason=reason, redeliver_at=again)
