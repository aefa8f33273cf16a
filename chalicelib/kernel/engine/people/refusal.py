"""Why a person's decision is refused: shown to the person, and checked again when the event is applied."""

from chalicelib.kernel.engine.events import (
    Act,
    Approved,
    CancelRequested,
    Claimed,
    Decision,
    Overridden,
    PlanReplaced,
    Promoted,
    PromotionMode,
    Rejected,
    Revoked,
    RunPaused,
    RunRetried,
    StageAborted,
    StageReplayed,
)
from chalicelib.kernel.engine.freezing import FreezePassed
from chalicelib.kernel.engine.people.acts import act_of
from chalicelib.kernel.engine.phase import BAD, GOOD, WAITING, Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.progress.onward import promote
from chalicelib.kernel.engine.progress.replacement import missing_from
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.progress.windows import freeze_of
from chalicelib.kernel.engine.run import Act as GivenAct
from chalicelib.kernel.engine.run import ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.faults import Worded
from chalicelib.kernel.plans.plan import Node, NodeAddress, Plan, Stage
from chalicelib.kernel.plans.work import Approval, Windows

HELD = frozenset({Phase.GATES, Phase.WAITING_PERSON, Phase.WAITING_TIME})
"""Of a stage execution: its gates are not passed, or its promotion is not given, or not yet due."""


def refusal(plan: Plan, run: Run, act: Act) -> str | None:
    """The reason why an act is not allowed now; None when it is."""
    match act:
        case Approved() | Rejected() | Overridden():
            return _of_decision(plan, run, act)
        case Claimed():
            return _of_claim(plan, run, act)
        case Revoked():
            return _of_revocation(plan, run, act)
        case CancelRequested():
            return _of_cancel(run, act)
        case StageAborted():
            return _of_abort(run, act)
        case StageReplayed():
            return _of_replay(plan, run, act)
        case RunPaused():
            return _of_pause(run, act)
        case RunRetried():
            return _of_retry(run, act)
        case Promoted():
            return _of_promotion(plan, run, act)
        case PlanReplaced():
            return _of_replacement(plan, run, act)
        case FreezePassed():
            return _of_passing(plan, run, act)


def find(plan: Plan, run: Run, of: NodeAddress) -> tuple[Node, NodeState] | None:
    """Find a node and its state in an active stage execution; None when it is not there or the execution ended."""
    found = run.execution(of.execution)
    if found is None or found.is_final:
        return None
    state = found.nodes.get(of.node)
    return (plan.by_key[found.stage].by_key[of.node], state) if state is not None else None


def _of_decision(plan: Plan, run: Run, act: Decision) -> str | None:
    found = find(plan, run, act)
    if found is None or found[1].attempt != act.attempt:
        return f"{act.node} of stage execution {act.execution} does not wait for a decision"
    node, state = found
    if isinstance(act, Overridden):
        may_shut = isinstance(node.work, Windows) and state.phase is Phase.SUCCEEDED
        waits = state.phase in WAITING or may_shut
        return None if waits else f"{node.name} is {state.phase}: only what waits can be overridden"
    if state.phase is not Phase.WAITING_PERSON or not node.awaits_word:
        return f"{node.name} does not wait for a person's word"
    if (claim := claim_against(run, act)) is not None:
        return f"{claim.by} has claimed {node.name}"
    if (same := _decided_before(run, node, act)) is not None:
        also = "" if same.by == act.by else f", as {same.by}"
        return f"{act.by} has decided about {node.name} already{also}"
    if act_of(act) in run.acts:
        return f"{act.by} has taken this back"
    own = isinstance(node.work, Approval) and node.work.no_self_approval and act.by == plan.started_by
    return f"{act.by} started this run and may not approve {node.name}" if own and isinstance(act, Approved) else None


def _decided_before(run: Run, node: Node, act: Approved | Rejected) -> GivenAct | None:
    """The decision of the same person; where all teams must approve, one who is in several decides for each."""
    own = [one for one in acts_on(run, act.address) if one.is_of(act.by, act.behind)]
    spoken = {team for one in own for team in one.teams}
    is_more = node.decided_by is not None and node.decided_by.all_teams and not spoken.issuperset(act.teams)
    return None if is_more or not own else own[0]


def claims_on(run: Run, of: NodeAddress) -> tuple[GivenAct, ...]:
    """Who has claimed the decision about an attempt at a node."""
    place = (of.execution, of.node, of.attempt)
    return tuple(
        one for one in run.acts if one.kind is ActKind.CLAIMED and (one.execution, one.node, one.attempt) == place
    )


def claim_against(run: Run, act: Approved | Rejected | Claimed) -> GivenAct | None:
    """The claim of somebody else that keeps a decision from being made: of all teams for which it would count."""
    others = [one for one in claims_on(run, act.address) if not one.is_of(act.by, act.behind)]
    claimed = {team for one in others for team in one.teams}
    is_whole = any(not one.teams for one in others)
    is_free = not is_whole and not claimed.issuperset(act.teams)
    return None if not others or is_free or (not act.teams and not is_whole) else others[0]


def _of_claim(plan: Plan, run: Run, act: Claimed) -> str | None:
    found = find(plan, run, act)
    if found is None or found[1].attempt != act.attempt or found[1].phase is not Phase.WAITING_PERSON:
        return f"{act.node} of stage execution {act.execution} does not wait for a decision"
    node = found[0]
    if not node.awaits_word:
        return f"{node.name} does not wait for a person's word"
    own = [one for one in claims_on(run, act.address) if one.is_of(act.by, act.behind)]
    if any(set(one.teams) >= set(act.teams) for one in own):
        return f"{act.by} has claimed {node.name} already"
    claim = claim_against(run, act)
    return f"{claim.by} has claimed {node.name}" if claim is not None else None


def _of_revocation(plan: Plan, run: Run, act: Revoked) -> str | None:
    found, execution = find(plan, run, act), run.execution(act.execution)
    if found is None or execution is None or found[1].attempt != act.attempt:
        return f"{act.node} of stage execution {act.execution} is not open"
    stage = plan.by_key[execution.stage]
    if act_of(act) in run.acts or not _has_approved(run, stage, act.node, act):
        return f"{act.by} has not approved {found[0].name}"
    if found[1].phase is Phase.WAITING_PERSON:
        return None
    is_gate = found[0] in stage.gates and found[1].phase is Phase.SUCCEEDED
    is_held = execution.phase in HELD and execution.ending is None
    return None if is_gate and is_held else f"{found[0].name} has passed: its approval can no longer be taken back"


def _has_approved(run: Run, stage: Stage, gate: str, act: Revoked | Promoted) -> bool:
    """Whether an approval of theirs stands, in whichever execution of the stage it was given."""
    places = (one.address_of(gate) for one in run.stages if one.stage == stage.key and gate in one.nodes)
    acts = (given for place in places for given in acts_on(run, place))
    return any(one.kind is ActKind.APPROVED and one.is_of(act.by, act.behind) for one in acts)


def _of_cancel(run: Run, act: CancelRequested) -> str | None:
    if run.is_final:
        return f"the run has ended: {run.phase}"
    if run.ending is not None and (run.at_once or not act.at_once):
        return "the run is being stopped already"
    return None if act.retries == run.retries else "the run was reopened since"


def _of_abort(run: Run, act: StageAborted) -> str | None:
    execution = run.execution(act.execution)
    if execution is None:
        return f"no stage execution {act.execution} in run {run.id}"
    if execution.is_final:
        return f"stage execution {act.execution} has ended: {execution.phase}"
    return None if execution.ending is None else f"stage execution {act.execution} is being stopped already"


def _of_replay(plan: Plan, run: Run, act: StageReplayed) -> str | None:
    execution = run.execution(act.execution)
    if execution is None:
        return f"no stage execution {act.execution} in run {run.id}"
    if not execution.is_final or execution is not run.latest(execution.stage):
        return f"stage execution {act.execution} is not an ended one, the last of its stage"
    if run.phase in GOOD and plan.is_travel:
        return f"the run has {run.phase}: redeploy it"
    if plan.is_retired(execution.stage):
        return f"stage {plan.by_key[execution.stage].name} is no longer in the pipeline"
    return _of_reopening(run)


def _of_pause(run: Run, act: RunPaused) -> str | None:
    if run.is_final:
        return f"the run has ended: {run.phase}"
    is_done = run.is_paused is not act.goes_on
    return f"the run is {'paused already' if run.is_paused else 'not paused'}" if is_done else None


def _of_retry(run: Run, act: RunRetried) -> str | None:
    if act.retries != run.retries:
        return "the run was reopened since"
    if run.phase not in BAD:
        return f"the run is {run.phase}: only what ended badly can be retried"
    return _of_reopening(run)


def _of_reopening(run: Run) -> str | None:
    if run.ending is not None:
        return "the run is being stopped"
    return f"the run was overtaken: {run.reason}" if run.phase is Phase.SUPERSEDED else None


def _of_promotion(plan: Plan, run: Run, act: Promoted) -> str | None:
    if run.is_final or run.ending is not None or run.phase is not Phase.RUNNING:
        ended = "; redeploy it" if run.is_final else ""
        return Worded("the run is {}: it cannot be promoted{}", Worded(run.phase), ended)
    stage = plan.by_key.get(act.stage)
    if stage is None:
        return f"no stage {act.stage} in the plan"
    if act.executions != run.entered:
        return "the run went on since"
    latest = run.latest(stage.key)
    if (entered := _of_entered(stage, latest, act)) is not None:
        return entered
    if act.mode is PromotionMode.FORCED:
        return None
    disorder = out_of_order(plan, run, stage)
    unmet = _unmet(plan, run, stage, act) if act.mode is PromotionMode.IF_MET else None
    return disorder or _of_own_approval(run, stage, act) or unmet


def _of_entered(stage: Stage, latest: StageExecution | None, act: Promoted) -> str | None:
    """Refuse to promote what was promoted already, unless it waits for its time and is brought forward."""
    if latest is None or latest.is_final or latest.is_collecting:
        return "the run went on since" if act.brings_forward else None
    if latest.until is None or not latest.is_scheduled or act.brings_forward != latest.number:
        return f"stage {stage.name} is under way"
    is_earlier = act.begin_at is None or act.begin_at < latest.until
    return None if is_earlier else f"stage {stage.name} begins at {latest.until.isoformat()} already"


def _unmet(plan: Plan, run: Run, stage: Stage, act: Promoted) -> str | None:
    """The gate that would hold the stage, were it promoted now."""
    tried = settle(plan, promote(plan, run, stage, act.at), act.at).latest(stage.key)
    gate = next(iter(graph.unmet_gates(stage, tried.nodes)), None) if tried is not None else None
    if tried is None or gate is None:
        return None
    state = tried.nodes.get(gate.key)
    opens = f"opens at {state.until.isoformat()}" if state is not None and state.until is not None else ""
    return f"gate {gate.name} is not met: {(state.reason if state is not None else '') or opens or 'it is undecided'}"


def _of_own_approval(run: Run, stage: Stage, act: Promoted) -> str | None:
    """Refuse a promotion by whoever approved a gate that wants two persons: else one alone would do, in that order."""
    two = (gate for gate in stage.gates if isinstance(gate.work, Approval) and gate.work.no_self_approval)
    own = next((gate for gate in two if _has_approved(run, stage, gate.key, act)), None)
    return f"{act.by} approved {own.name} and may not promote what it guards" if own is not None else None


def out_of_order(plan: Plan, run: Run, stage: Stage) -> str | None:
    """Which stage has not gone well before this one, where the plan enforces its order; None when it may be entered."""
    before = plan.before(stage.key) if plan.ordered else None
    latest = run.latest(before.key) if before is not None else None
    if before is None or (latest is not None and latest.phase in GOOD and not latest.awaits_promotion):
        return None
    return f"stage {before.name} has not gone well before"


def _of_replacement(plan: Plan, run: Run, act: PlanReplaced) -> str | None:
    if run.is_final:
        return f"the run has ended: {run.phase}"
    if act.plan.id in (run.id, run.plan):
        return f"the run has had plan {act.plan.id} before"
    if any(one.kind is ActKind.REPLACED_PLAN and one.notes == act.plan.id for one in run.acts):
        return f"the run has had plan {act.plan.id} before"
    if missing := missing_from(act.plan, run):
        return f"what has begun would be missing: {', '.join(missing)}"
    return None if _identity(act.plan) == _identity(plan) else "a new plan may differ in its stages alone"


def _of_passing(plan: Plan, run: Run, act: FreezePassed) -> str | None:
    execution = run.execution(act.execution)
    if execution is None or execution.is_final:
        return f"stage execution {act.execution} of run {run.id} is not open"
    held = freeze_of(plan, run, execution, act.at)
    if held is None:
        return f"no freeze holds stage {plan.by_key[execution.stage].name}"
    return None if held.freeze.id in act.freezes else f"{held.freeze.title} was frozen since"


def _identity(plan: Plan) -> tuple[object, ...]:
    """The fields of a plan that a replacement must not change."""
    return plan.definition, plan.number, plan.started_by, plan.begun_by, plan.concurrency, plan.train, plan.parent
