"""What users do to runs: approve, reject, override, cancel, abort, replay, retry, promote; and report test results."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import has_begun, may_decide
from chalicelib.kernel.engine import events
from chalicelib.kernel.engine.events import Act
from chalicelib.kernel.engine.run import ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.plans.plan import Node, Plan
from chalicelib.kernel.plans.work import Approval, ManualTask
from chalicelib.use_cases.access.persons import begun_by, principals_behind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import advance_run, decide
from chalicelib.use_cases.runs.read import RunView, get_run
from slipway_formats.frozen import frozen

LONGEST_NOTES = 1000


@frozen
class DecideNode:
    """Approve, reject or override a waiting node. node: key or name; empty for the only one that waits."""

    run: str
    kind: ActKind
    by: Principal
    node: str = ""
    execution: int | None = None
    notes: str = ""


@frozen
class DecideRun:
    """Cancel or retry a run, abort or replay a stage execution, or promote to a stage (key or name)."""

    run: str
    kind: ActKind
    by: Principal
    execution: int | None = None
    stage: str = ""
    begin_at: datetime | None = None
    notes: str = ""


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
    _check_caller(command.by, command.notes)
    execution, node, state = _waiting_node(plan, run, command)
    _check_decider(command, node, plan.definition.project)
    _check_self_approval(ports, command, node, RunView(run=run, plan=plan))
    kinds: dict[ActKind, Callable[..., Act]] = {
        ActKind.APPROVED: events.Approved,
        ActKind.REJECTED: events.Rejected,
        ActKind.OVERRODE: events.Overridden,
    }
    act = kinds[command.kind](
        at=ports.clock.now(),
        execution=execution.number,
        node=node.key,
        attempt=state.attempt,
        by=command.by.name,
        notes=command.notes,
        behind=begun_by(ports, command.by),
    )
    decide(ports, run.id, act)
    return get_run(ports, run.id)


def _check_caller(by: Principal, notes: str) -> None:
    # Code that a job builds or deploys must not approve its own run, or any other.
    if by.kind is PrincipalKind.JOB:
        raise Forbidden("a job decides about no run")
    if len(notes) > LONGEST_NOTES:
        raise Invalid.single("notes", f"over {LONGEST_NOTES} characters")


def _waiting_node(plan: Plan, run: Run, command: DecideNode) -> tuple[StageExecution, Node, NodeState]:
    """Return the waiting node that the command means. Faults: NotFound; Conflict if none waits, or more than one."""
    found = [
        (execution, node, execution.nodes[node.key])
        for execution in run.stages
        if not execution.is_final and command.execution in (None, execution.number)
        for node in plan.by_key[execution.stage].nodes
        if node.key in execution.nodes and command.node in (node.key, node.name, "")
    ]
    waiting = [one for one in found if one[2].phase.value.startswith("waiting")]
    persons = [one for one in waiting if isinstance(one[1].work, Approval | ManualTask)] or waiting
    if not persons:
        if command.node and not any(
            command.node in (node.key, node.name) for stage in plan.stages for node in stage.nodes
        ):
            raise NotFound(f"no node {command.node} in run {run.id}")
        raise Conflict(
            f"nothing in run {run.id} waits for a decision" if not command.node else f"{command.node} does not wait"
        )
    if len(persons) > 1:
        names = ", ".join(one[1].name for one in persons)
        raise Conflict(f"more than one waits, name it: {names}")
    return persons[0]


def _check_decider(command: DecideNode, node: Node, project: str) -> None:
    """Refuse a caller who may not decide: an override needs an owner, a decision a user or team that the node names."""
    if command.kind is ActKind.OVERRODE:
        if not may(command.by, Level.OWNER, project):
            raise Forbidden(f"only an owner of {project} may override {node.name}")
    elif isinstance(node.work, Approval | ManualTask) and not may_decide(command.by, node, project):
        named = (("user", node.work.user), ("team", node.work.team))
        deciders = " or ".join(f"{kind} {name}" for kind, name in named if name) or f"a writer of {project}"
        raise Forbidden(f"{node.name} is for {deciders} to decide")


def _check_self_approval(ports: Ports, command: DecideNode, node: Node, seen: RunView) -> None:
    """Refuse an approval by whoever started the run, also by accounts that act for them, if the gate forbids it."""
    is_own_refused = isinstance(node.work, Approval) and node.work.no_self_approval
    if command.kind is ActKind.APPROVED and is_own_refused and _has_begun(ports, command.by, seen):
        raise Forbidden(f"{command.by.name} began this run and may not approve {node.name}")


def _has_begun(ports: Ports, by: Principal, seen: RunView) -> bool:
    return any(has_begun(one, seen.plan, seen.run) for one in principals_behind(ports, by))


def decide_run(ports: Ports, command: DecideRun) -> RunView:
    """Apply an act on a run and return the run. Faults: NotFound, Conflict, Forbidden, Invalid, Stale."""
    run = ports.runs.run(command.run)
    plan = ports.runs.plan(run.plan)
    try:
        _check_caller(command.by, command.notes)
    except Forbidden as refused:
        _audit_refusal(ports, command, plan, str(refused))
        raise
    decide(ports, run.id, _act(ports, run, plan, command))
    return get_run(ports, run.id)


def _act(ports: Ports, run: Run, plan: Plan, command: DecideRun) -> Act:
    now, by, behind = ports.clock.now(), command.by.name, begun_by(ports, command.by)
    notes = command.notes
    match command.kind:
        case ActKind.CANCELLED:
            return events.CancelRequested(at=now, by=by, retries=run.retries, notes=notes)
        case ActKind.RETRIED:
            return events.RunRetried(at=now, retries=run.retries, by=by, notes=notes, behind=behind)
        case ActKind.ABORTED:
            return events.StageAborted(at=now, execution=_execution(run, command), by=by, notes=notes)
        case ActKind.REPLAYED:
            return events.StageReplayed(at=now, execution=_execution(run, command), by=by, notes=notes, behind=behind)
        case _:
            return events.Promoted(
                at=now,
                stage=_stage(plan, command.stage),
                executions=run.entered,
                by=by,
                begin_at=command.begin_at,
                notes=notes,
                behind=behind,
            )


def _execution(run: Run, command: DecideRun) -> int:
    if command.execution is not None:
        return command.execution
    if not run.stages:
        raise Conflict(f"no stage of run {run.id} has begun")
    return run.stages[-1].number


def _stage(plan: Plan, name: str) -> str:
    for stage in plan.stages:
        if name in (stage.key, stage.name):
            return stage.key
    raise NotFound(f"no stage {name} in run {plan.id}")


@frozen
class ReportTests:
    """Report the results of a test set of a stage (key or name)."""

    run: str
    stage: str
    name: str
    passed: int
    failed: int
    skipped: int


def report_tests(ports: Ports, command: ReportTests) -> RunView:
    """Fold test results into the run and return it. Faults: NotFound, Stale."""
    run = ports.runs.run(command.run)
    stage = _stage(ports.runs.plan(run.plan), command.stage)
    results = events.TestsReported(
        at=ports.clock.now(),
        stage=stage,
        name=command.name,
        passed=command.passed,
        failed=command.failed,
        skipped=command.skipped,
    )
    advance_run(ports, run.id, (results,))
    return get_run(ports, run.id)
