"""Read requests about runs and decisions, and show runs."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.platform.runs import shapes
from chalicelib.http.answers.explanation import explain_field, shown_explanation
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.codec import stored_name
from chalicelib.kernel.engine.job_times import JobTimes
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.nodes import deadline
from chalicelib.kernel.engine.run import Act, ActKind, Run, StageExecution
from chalicelib.kernel.explanation.hold import Explanation
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Node, Parent, Stage
from chalicelib.kernel.plans.work import Approval, DefinitionKind, ExternalApproval, Job, ManualTask, RunDefinition
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun
from chalicelib.use_cases.runs.explain import ExplainRun
from chalicelib.use_cases.runs.pass_freeze import PassFreeze
from chalicelib.use_cases.runs.read import ListRuns, RunView
from chalicelib.use_cases.runs.redacted import RunNamed, RunsOf, without_outputs
from chalicelib.use_cases.runs.redeploy import Redeploy
from chalicelib.use_cases.runs.refold import Refolded
from chalicelib.use_cases.runs.report_tests import ReportTests

DECISIONS = {
    "approve": ActKind.APPROVED,
    "reject": ActKind.REJECTED,
    "override": ActKind.OVERRODE,
    "revoke": ActKind.REVOKED,
}
ACTS = {
    "cancel": ActKind.CANCELLED,
    "retry": ActKind.RETRIED,
    "abort": ActKind.ABORTED,
    "replay": ActKind.REPLAYED,
    "promote": ActKind.PROMOTED,
}


def read_run(request: Request) -> RunNamed:
    """Read which run is requested, and what more of it. Faults: Invalid."""
    return RunNamed(
        by=request.asker,
        run=request.parameters["run"],
        explains=request.query.flag("explain"),
        times=request.query.flag("times"),
    )


def read_explain(request: Request) -> ExplainRun:
    """Read which run is to be explained."""
    return ExplainRun(by=request.asker, run=request.parameters["run"])


def show_explanation(explanation: Explanation) -> Reply:
    """Show what holds a run."""
    return json_reply(shown_explanation(explanation))


def read_list(request: Request) -> RunsOf:
    """Read which runs to list. Faults: Invalid."""
    kind = request.query.text("kind") or DefinitionKind.PIPELINE.value
    if kind not in {one.value for one in DefinitionKind}:
        raise Invalid.single("kind", f"{kind!r} is no kind of definition")
    size = request.query.whole("page_size", default=50, least=1, most=200)
    page = Page(size=size, after=request.query.text("page_from"))
    runs = ListRuns(project=request.parameters["project"], kind=DefinitionKind(kind), page=page)
    return RunsOf(by=request.asker, runs=runs, explains=request.query.flag("explain"))


def read_decision(request: Request) -> DecideNode:
    """Read a decision about a waiting node."""
    body = request.body(shapes.DecisionBody)
    return DecideNode(
        run=request.parameters["run"],
        kind=DECISIONS[body.decision],
        by=request.asker,
        node=body.node,
        execution=body.execution,
        notes=body.notes,
        changes=body.digest,
    )


def read_act(request: Request) -> DecideRun:
    """Read an action on a run. Faults: Invalid when a promotion names no stage or a time has no offset."""
    body = request.body(shapes.ActBody)
    if body.act == "promote" and not body.stage:
        raise Invalid.single("stage", "is required to promote")
    return DecideRun(
        run=request.parameters["run"],
        kind=ACTS[body.act],
        by=request.asker,
        execution=body.execution,
        stage=body.stage,
        begin_at=_with_offset(body.begin_at),
        mode=body.mode,
        notes=body.notes,
    )


def read_pass(request: Request) -> PassFreeze:
    """Read why a stage passes a freeze. Faults: Invalid."""
    body = request.body(shapes.PassBody)
    return PassFreeze(run=request.parameters["run"], by=request.asker, reason=body.reason, stage=body.stage)


def read_redeploy(request: Request) -> Redeploy:
    """Read a redeploy. Faults: Invalid when a time has no offset."""
    body = request.body(shapes.RedeployBody)
    return Redeploy(
        origin=request.origin,
        run=request.parameters["run"],
        stages=tuple(body.stages),
        begin_at=_with_offset(body.begin_at),
        mode=body.mode,
        notes=body.notes,
    )


def _with_offset(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise Invalid.single("begin_at", "needs an offset")
    return at


def read_tests(request: Request) -> ReportTests:
    """Read the test results of a stage."""
    body = request.body(shapes.TestsBody)
    return ReportTests(run=request.parameters["run"], by=request.asker, **body.model_dump())


def read_refold(request: Request) -> str:
    """Read which run to fold again."""
    return request.parameters["run"]


def show_refolded(refolded: Refolded) -> Reply:
    """Show whether the same came out."""
    differs = list(refolded.differs)
    return json_reply({"run": refolded.run, "folds": refolded.folds, "same": not differs, "differs": list(differs)})


def show_run(view: RunView) -> Reply:
    """Show a run with all its stages."""
    return json_reply(shown_run(view))


def show_decided(view: RunView) -> Reply:
    """Show a run after a decision, without outputs of builds and deployments: the decider may only have read access."""
    kind = view.plan.definition.kind
    return show_run(view if kind is DefinitionKind.PIPELINE else without_outputs(view))


def show_runs(view: Sequence[RunView]) -> Reply:
    """Show runs, newest first."""
    return json_reply([shown_run(one) for one in view])


def shown_run(view: RunView) -> dict[str, Json]:
    """Return a run as JSON: executed and running stages, then those not started."""
    run, plan = view.run, view.plan
    begun = [_shown_stage(view, plan.by_key[one.stage], one) for one in view.executions if one.stage in plan.by_key]
    reached = {one.stage for one in view.executions}
    ahead = [_shown_stage(view, stage, None) for stage in plan.stages if stage.key not in reached]
    return {
        "id": run.id,
        "project": plan.definition.project,
        "kind": plan.definition.kind.value,
        "environment": plan.definition.environment,
        "name": plan.definition.name,
        "run_nr": plan.number,
        "phase": run.phase.value,
        "reason": run.reason,
        "version": run.version,
        "started_by": plan.started_by,
        "trigger": plan.trigger,
        "redeploys": plan.redeploys or None,
        "created_at": plan.created_at.isoformat(),
        "ended_at": _instant(run.ended_at),
        "retries": run.retries,
        "releases": list(run.releases),
        "stages": [*begun, *ahead],
        "acts": [_shown_act(act) for act in run.acts],
        **({"parent": _shown_parent(plan.parent)} if plan.parent is not None else {}),
        **explain_field(view.explanation),
    }


def _shown_parent(parent: Parent) -> Json:
    return {
        "run": parent.run,
        "execution": parent.execution,
        "node": parent.node,
        "attempt": parent.attempt,
        "waits": parent.waits,
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _shown_act(act: Act) -> Json:
    return {
        "act": act.kind.value,
        "by": act.by,
        "at": act.at.isoformat(),
        "execution": act.execution,
        "node": act.node,
        "notes": act.notes,
        **({"digest": act.changes} if act.changes else {}),
    }


def _shown_stage(view: RunView, stage: Stage, execution: StageExecution | None) -> Json:
    gates = [_shown_node(view, gate, execution, kind="gate") for gate in stage.gates]
    steps = [_shown_node(view, step, execution, kind="step") for step in stage.steps]
    return {
        "number": execution.number if execution is not None else 0,
        "stage": stage.key,
        "name": stage.name,
        "environment": stage.environment,
        "attempt": execution.attempt if execution is not None else 0,
        "phase": (execution.phase if execution is not None else Phase.NEW).value,
        "reason": execution.reason if execution is not None else "",
        "began_at": _instant(execution.began_at) if execution is not None else None,
        "ended_at": _instant(execution.ended_at) if execution is not None else None,
        "nodes": [*gates, *steps],
    }


def _shown_node(view: RunView, node: Node, execution: StageExecution | None, *, kind: str) -> dict[str, Json]:
    state = execution.nodes.get(node.key) if execution is not None else None
    known = state.reference if state is not None else ""
    return {
        "key": node.key,
        "name": node.name,
        "kind": kind,
        "work": stored_name(type(node.work)),
        "phase": (state.phase if state is not None else Phase.NEW).value,
        "attempt": state.attempt if state is not None else 0,
        "group": node.group,
        "needs": list(node.needs),
        **_shown_terms(node),
        "expires_at": _instant(deadline(node, state)) if state is not None else None,
        "notes": _shown_notes(view.run, node, execution),
        "reason": state.reason if state is not None else "",
        "began_at": _instant(state.began_at) if state is not None else None,
        "ended_at": _instant(state.ended_at) if state is not None else None,
        "opens_at": _instant(state.until) if state is not None else None,
        "log": known if known and isinstance(node.work, Job) else None,
        "child": known if known and isinstance(node.work, RunDefinition) else None,
        "outputs": dict(state.outputs) if state is not None else {},
        **({"job": _shown_times(view.job_times[known])} if known in view.job_times else {}),
    }


def _shown_times(times: JobTimes) -> Json:
    return {
        "queued_at": times.queued_at.isoformat(),
        "leased_at": _instant(times.leased_at),
        "runner": times.runner,
        "began_at": _instant(times.began_at),
        "ended_at": _instant(times.ended_at),
    }


def _shown_terms(node: Node) -> dict[str, Json]:
    """Return what a gate or step waits for, as its pipeline says it."""
    people = node.work if isinstance(node.work, Approval | ManualTask) else None
    return {
        "description": node.description,
        "team": people.team if people is not None else None,
        "user": people.user if people is not None else None,
        "quorum": max(1, node.policy.quorum) if people is not None else None,
        "ticket": ", ".join(one.id for one in node.work.tickets) if isinstance(node.work, ExternalApproval) else None,
    }


def _shown_notes(run: Run, node: Node, execution: StageExecution | None) -> Json:
    place = (execution.number, node.key) if execution is not None else None
    acts = (act for act in run.acts if act.notes and (act.execution, act.node) == place)
    return [{"by": act.by, "at": act.at.isoformat(), "act": act.kind.value, "notes": act.notes} for act in acts]
