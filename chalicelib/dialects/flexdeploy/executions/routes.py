"""The row of the execution of a snapshot: how far it has come in its pipeline."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.executions import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.travel.executions import get_execution

EXECUTION = f"{PREFIX}/rest/v1/releases/{{releaseId}}/snapshot/{{snapshotId}}/execution"

OPERATIONS = (
    Group(FLEXDEPLOY, "Release Snapshot Execution").operation(
        f"GET {EXECUTION}",
        "How far a snapshot is: stages with gates and steps, by `environmentId`, `gateName`, `stepName`; `explain`.",
        AUTHENTICATED,
        Handling(words.read_execution, get_execution, words.show_execution),
        schema=Schema(query=shapes.ExecutionQueryShape, answer=shapes.SnapshotExecutionShape),
    ),
)
