"""Rows of executions of deployment jobs."""

from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes, words
from chalicelib.dialects.state.executions.routes_of_kind import ExecutionRows, list_rows, log_rows, one_rows
from chalicelib.http.operation import Group

PROJECT = "/api/v1/deployment-jobs/by-project/{project}"
JOB = f"{PROJECT}/by-environment/{{environment}}/by-name/{{deployment}}"
ROWS = ExecutionRows(
    group=Group(STATE, "Deployment Job Executions"),
    words=words.JOBS,
    name="deployment job",
    root="/api/v1/deployment-jobs",
    project=PROJECT,
    definition=JOB,
    execution=f"{JOB}/executions/{{execution_id}}",
    answer=shapes.JobExecutionShape,
    answers=list[shapes.JobExecutionShape],
)

OPERATIONS = (*list_rows(ROWS), *one_rows(ROWS), *log_rows(ROWS))
