"""Rows of the executions of builds."""

from chalicelib.dialects.state import shapes as state_shapes
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes as execution_shapes
from chalicelib.dialects.state.executions import words as runs
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    list_executions,
    list_executions_in,
    retry_execution,
    see_execution,
)
from chalicelib.use_cases.jobs.commit import tell_commit
from chalicelib.use_cases.logs.execution_logs import add_to_log, read_execution_log
from chalicelib.use_cases.logs.watch_log import offer_log

RUNS = Group(STATE, "Build Executions")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
BUILD = ENVIRONMENT + "/builds/by-name/{build}"
EXECUTION = BUILD + "/executions/{build_execution_id}"
CHANGES = frozenset({Flag.CHANGES})

OPERATIONS = (
    RUNS.operation(
        "GET /api/v1/builds/executions/",
        "Executions of builds that the caller may read, newest first.",
        AUTHENTICATED,
        Handling(runs.read_builds_executions, list_executions_in, runs.show_build_executions),
        schema=Schema(answer=list[execution_shapes.BuildExecutionShape]),
    ),
    RUNS.operation(
        "GET /api/v1/state/{project}/builds/executions/",
        "Executions of a project's builds, newest first.",
        PROJECT_READ,
        Handling(runs.read_builds_executions, list_executions_in, runs.show_build_executions),
        schema=Schema(answer=list[execution_shapes.BuildExecutionShape]),
    ),
    RUNS.operation(
        f"GET {BUILD}/executions/",
        "A build's executions, newest first.",
        PROJECT_READ,
        Handling(runs.read_build_executions, list_executions, runs.show_build_executions),
        schema=Schema(answer=list[execution_shapes.BuildExecutionShape]),
    ),
    RUNS.operation(
        f"GET {EXECUTION}/",
        "An execution of a build.",
        PROJECT_READ,
        Handling(runs.read_build_execution, see_execution, runs.show_build_execution),
        schema=Schema(answer=execution_shapes.BuildExecutionShape),
    ),
    RUNS.operation(
        f"POST {EXECUTION}/cancel",
        "Have an execution stop.",
        PROJECT_WRITE,
        Handling(runs.read_build_execution, cancel_execution, show_nothing),
    ),
    RUNS.operation(
        f"POST {EXECUTION}/retry",
        "Have an ended execution done again.",
        PROJECT_WRITE,
        Handling(runs.read_build_execution, retry_execution, runs.show_retried),
        schema=Schema(answer=state_shapes.ExecutionID),
    ),
    RUNS.operation(
        f"PUT {EXECUTION}/commit",
        "Say from which commit an execution is made.",
        PROJECT_WRITE,
        Handling(runs.read_commit, tell_commit, show_nothing),
        schema=Schema(body=execution_shapes.CommitBody),
    ),
    RUNS.operation(
        f"GET {EXECUTION}/logs",
        "The log of an execution from `?after=` on.",
        PROJECT_READ,
        Handling(runs.read_build_log, read_execution_log, runs.show_log),
        schema=Schema(answer=list[execution_shapes.ChunkShape]),
    ),
    RUNS.operation(
        f"GET {EXECUTION}/logs_ws",
        "Where to watch the log of an execution from `?after=` on, by WebSocket, once and soon.",
        PROJECT_READ,
        Handling(runs.read_build_log, offer_log, runs.show_offered_log),
        schema=Schema(answer=execution_shapes.OfferedLogShape),
        flags=CHANGES,
    ),
    RUNS.operation(
        f"POST {EXECUTION}/logs",
        "Add to the log of an execution.",
        PROJECT_WRITE,
        Handling(runs.read_to_build_log, add_to_log, runs.show_head),
        schema=Schema(body=execution_shapes.LinesBody, answer=execution_shapes.LogHeadShape),
    ),
)
