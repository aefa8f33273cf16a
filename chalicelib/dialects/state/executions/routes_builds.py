"""Rows of executions of builds."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes, words
from chalicelib.dialects.state.executions.routes_of_kind import ExecutionRows, list_rows, log_rows, one_rows
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_WORK
from chalicelib.use_cases.jobs.commit import report_commit

BUILD = "/api/v1/state/{project}/environments/{environment}/builds/by-name/{build}"
ROWS = ExecutionRows(
    group=Group(STATE, "Build Executions"),
    words=words.BUILDS,
    name="build",
    root="/api/v1/builds",
    project="/api/v1/state/{project}/builds",
    definition=BUILD,
    execution=f"{BUILD}/executions/{{build_execution_id}}",
    answer=shapes.BuildExecutionShape,
    answers=list[shapes.BuildExecutionShape],
)

OPERATIONS = (
    *list_rows(ROWS),
    *one_rows(ROWS),
    ROWS.group.operation(
        f"PUT {ROWS.execution}/commit",
        "Say from which commit an execution is made.",
        PROJECT_WORK,
        Handling(words.read_commit, report_commit, show_nothing),
        schema=Schema(body=shapes.CommitBody),
    ),
    *log_rows(ROWS),
)
