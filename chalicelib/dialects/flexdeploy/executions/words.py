"""Read requests about the execution of a snapshot, and show it: stages with the gates and steps that were reached."""

from collections.abc import Mapping

from chalicelib.dialects.flexdeploy.executions.statuses import gate_status, pipeline_status, stage_status, step_status
from chalicelib.dialects.flexdeploy.executions.step_order import order_of_steps
from chalicelib.dialects.flexdeploy.executions.types import gate_type, step_type
from chalicelib.dialects.flexdeploy.numbers import ids_in
from chalicelib.http.answers.explanation import explain_field
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.gated.labels import Label
from chalicelib.kernel.definitions.gated.write import milliseconds, plain_number
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.graph import is_group
from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import Approval, ManualTask, Schedule, Wait
from chalicelib.kernel.trains.titles import code_of
from chalicelib.use_cases.travel.executions import ExecutedStage, ExecutionQuery, SnapshotExecution

AT_WORK = frozenset({Phase.WAITING_PERSON, Phase.STARTING, Phase.QUEUED, Phase.RUNNING, Phase.STOPPING})
"""Phases of a step that is under way. One that waits for its time is not."""


def read_execution(request: Request) -> ExecutionQuery:
    """Read whose execution is asked for, and which of its stages. Faults: Invalid."""
    ids = ids_in(request, ("releaseId", "snapshotId"), ("environmentId",))
    return ExecutionQuery(
        by=request.asker,
        train=ids["releaseId"] or 0,
        snapshot=ids["snapshotId"] or 0,
        environment=ids["environmentId"],
        gate=request.query.text("gateName") or "",
        step=request.query.text("stepName") or "",
        explains=request.query.flag("explain"),
    )


def show_execution(execution: SnapshotExecution) -> Reply:
    """Show the execution of a snapshot."""
    return json_reply(
        {
            "pipelineExecutionId": execution.id,
            "snapshotId": execution.snapshot,
            "pipelineExecutionStatus": pipeline_status(execution.phase),
            "pipelineStageExecutions": [shown_stage(one) for one in execution.stages],
            **explain_field(execution.explanation),
        }
    )


def current_gate(stage: ExecutedStage) -> str | None:
    """Return the name of the gate that is waited at; None without one."""
    nodes = stage.execution.nodes
    return next((gate.name for gate in stage.reached(stage.stage.gates) if not nodes[gate.key].is_final), None)


def current_step(stage: ExecutedStage) -> str | None:
    """Return the name of a step that is under way: of a group's children one, or itself when they have ended."""
    nodes = stage.execution.nodes
    under_way = [step for step in stage.reached(stage.stage.steps) if nodes[step.key].phase in AT_WORK]
    children = (step.name for step in under_way if not is_group(step))
    ended = (step.name for step in under_way if is_group(step) and not _has_open(stage, step))
    return next(children, None) or next(ended, None)


def show_gate(stage: ExecutedStage, gate: Node) -> dict[str, Json]:
    """Show a gate that was reached."""
    label = _label(stage, gate)
    return {
        "gateName": gate.name,
        "gateType": label.type if label is not None else gate_type(gate),
        "gateStatus": gate_status(stage.execution.nodes[gate.key].phase, gate),
        "gateDescription": gate.description or None,
        "cronExpression": _cron(gate),
        "roleName": _role(gate, label),
        "gateOrder": plain_number(label.order) if label is not None else stage.stage.gates.index(gate) + 1,
    }


def show_step(stage: ExecutedStage, step: Node) -> dict[str, Json]:
    """Show a step that has begun."""
    return _shown_step(stage, step, _orders(stage))


def _shown_step(stage: ExecutedStage, step: Node, orders: Mapping[str, float]) -> dict[str, Json]:
    label = _label(stage, step)
    wait = step.work if isinstance(step.work, Wait) else Wait()
    return {
        "stepName": step.name,
        "stepType": label.type if label is not None else step_type(step),
        "stepStatus": step_status(stage.execution.nodes[step.key].phase),
        "stepDescription": step.description or None,
        "waitDuration": int(wait.duration.total_seconds()) if wait.duration is not None else None,
        "roleName": _role(step, label),
        "cronExpression": _cron(step),
        "waitUntilDate": milliseconds(wait.until),
        "stepOrder": plain_number(label.order if label is not None else orders[step.key]),
    }


def shown_stage(stage: ExecutedStage) -> dict[str, Json]:
    """Show the latest execution of a stage."""
    execution, environment = stage.execution, stage.environment
    name = environment.title if environment is not None else stage.stage.environment or stage.stage.name
    gates, steps = list(stage.reached(stage.stage.gates)), list(stage.reached(stage.stage.steps))
    phases, orders = [execution.nodes[gate.key].phase for gate in gates], _orders(stage)
    return {
        "environmentId": environment.id if environment is not None else None,
        "environmentCode": environment.code if environment is not None else code_of(name),
        "stageExecutionStatus": stage_status(execution.phase, phases, has_steps=bool(steps)),
        "environmentName": name,
        "currentGateName": current_gate(stage),
        "currentStepName": current_step(stage),
        "stageExecutionId": stage.id,
        "stepExecutions": [_shown_step(stage, step, orders) for step in steps],
        "environmentSortOrder": stage.place,
        "gateExecutions": [show_gate(stage, gate) for gate in gates],
    }


def _has_open(stage: ExecutedStage, group: Node) -> bool:
    """True while a child of the group has not ended."""
    states = (stage.execution.nodes.get(child.key) for child in stage.stage.inside.get(group.key, ()))
    return any(state is None or not state.is_final for state in states)


def _cron(node: Node) -> str | None:
    return node.work.cron if isinstance(node.work, Schedule) else None


def _orders(stage: ExecutedStage) -> Mapping[str, float]:
    """Return the orders of steps that have no labels to say them."""
    return order_of_steps(stage.stage) if stage.labels is None else {}


def _label(stage: ExecutedStage, node: Node) -> Label | None:
    return stage.labels.get(node.key) if stage.labels is not None else None


def _role(node: Node, label: Label | None) -> str | None:
    if label is not None:
        return label.role or None
    return (node.work.team or node.work.user) if isinstance(node.work, Approval | ManualTask) else None
