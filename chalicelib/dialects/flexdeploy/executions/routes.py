"""Rows of the execution of a snapshot: how far it has come in its pipeline, and what is done to it there."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.executions import shapes, words, words_acts, words_information
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.travel.execution_acts import act_on_node, act_on_stage, report_test_set
from chalicelib.use_cases.travel.executions import get_execution
from chalicelib.use_cases.travel.inform_stage import inform_stage

GROUP = Group(FLEXDEPLOY, "Release Snapshot Execution")
EXECUTION = f"{PREFIX}/rest/v1/releases/{{releaseId}}/snapshot/{{snapshotId}}/execution"
STAGE = f"{EXECUTION}/stage/{{environmentId}}"

OPERATIONS = (
    GROUP.operation(
        f"GET {EXECUTION}",
        "How far a snapshot is: stages with gates and steps, by `environmentId`, `gateName`, `stepName`; `explain`.",
        AUTHENTICATED,
        Handling(words.read_execution, get_execution, words.show_execution),
        schema=Schema(query=shapes.ExecutionQueryShape, answer=shapes.SnapshotExecutionShape),
    ),
    GROUP.operation(
        f"POST {STAGE}",
        "Replay a stage that ended badly, abort one that is under way, or deploy a snapshot to it that waits for that.",
        AUTHENTICATED,
        Handling(words_acts.read_stage_act, act_on_stage, words_acts.show_stage),
        schema=Schema(status=202, body=shapes.StageActBody, answer=shapes.StageExecutionShape),
    ),
    GROUP.operation(
        f"POST {STAGE}/gate/{{gateName}}",
        "Approve, reject or override a gate that waits.",
        AUTHENTICATED,
        Handling(words_acts.read_gate_act, act_on_node, words_acts.show_node),
        schema=Schema(body=shapes.NodeActBody, answer=shapes.GateExecutionShape),
    ),
    GROUP.operation(
        f"POST {STAGE}/step/{{stepName}}",
        "Approve, reject or override a step that waits.",
        AUTHENTICATED,
        Handling(words_acts.read_step_act, act_on_node, words_acts.show_node),
        schema=Schema(body=shapes.NodeActBody, answer=shapes.StepExecutionShape),
    ),
    GROUP.operation(
        f"PUT {STAGE}/info",
        "Say what is to be known of a stage before it begins: tickets, inputs, projects that are forced or left out.",
        AUTHENTICATED,
        Handling(words_information.read_information, inform_stage, words_information.show_information),
        schema=Schema(body=shapes.StageInfoBody, answer=shapes.StageInfoShape),
    ),
    GROUP.operation(
        f"POST {STAGE}/testresults",
        "Report the results of a test set of a stage, which test gates of later stages read.",
        AUTHENTICATED,
        Handling(words_acts.read_test_set, report_test_set, words_acts.show_stage),
        schema=Schema(status=201, body=shapes.TestSetBody, answer=shapes.StageExecutionShape),
    ),
)
