"""Read what is done to stages, gates and steps of a snapshot's execution, and show what came of it."""

from collections.abc import Mapping

from chalicelib.dialects.flexdeploy.executions import shapes
from chalicelib.dialects.flexdeploy.executions.words import show_gate, show_step, shown_stage
from chalicelib.dialects.flexdeploy.numbers import ids_in
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.travel.execution_acts import (
    ActOnNode,
    ActOnStage,
    DecidedNode,
    ReportTestSet,
    StageAddress,
)
from chalicelib.use_cases.travel.executions import ExecutedStage

KINDS: Mapping[str, ActKind] = {
    "replay": ActKind.REPLAYED,
    "abort": ActKind.ABORTED,
    "deploy": ActKind.PROMOTED,
    "approve": ActKind.APPROVED,
    "reject": ActKind.REJECTED,
    "override": ActKind.OVERRODE,
}


def read_stage_act(request: Request) -> ActOnStage:
    """Read what is done to a stage. Faults: Invalid."""
    of, body = _address(request), request.body(shapes.StageActBody)
    return ActOnStage(origin=request.origin, of=of, kind=KINDS[body.action], notes=body.notes)


def read_gate_act(request: Request) -> ActOnNode:
    """Read what is decided about a gate. Faults: Invalid."""
    of, body = _address(request), request.body(shapes.NodeActBody)
    gate = request.parameters["gateName"]
    return ActOnNode(origin=request.origin, of=of, kind=KINDS[body.action], gate=gate, notes=body.notes)


def read_step_act(request: Request) -> ActOnNode:
    """Read what is decided about a step. Faults: Invalid."""
    of, body = _address(request), request.body(shapes.NodeActBody)
    step = request.parameters["stepName"]
    return ActOnNode(origin=request.origin, of=of, kind=KINDS[body.action], step=step, notes=body.notes)


def read_test_set(request: Request) -> ReportTestSet:
    """Read the results of a test set. Faults: Invalid."""
    of, body = _address(request), request.body(shapes.TestSetBody)
    return ReportTestSet(
        origin=request.origin,
        of=of,
        name=body.test_set_name,
        passed=body.passed,
        failed=body.failed,
        skipped=body.skipped,
        project=body.project_id,
    )


def show_stage(stage: ExecutedStage) -> Reply:
    """Show a stage as it is now."""
    return json_reply(shown_stage(stage))


def show_node(decided: DecidedNode) -> Reply:
    """Show a gate or step as it is now."""
    show = show_gate if decided.is_gate else show_step
    return json_reply(show(decided.stage, decided.node))


def _address(request: Request) -> StageAddress:
    ids = ids_in(request, ("releaseId", "snapshotId", "environmentId"))
    return StageAddress(
        train=ids["releaseId"] or 0, snapshot=ids["snapshotId"] or 0, environment=ids["environmentId"] or 0
    )
