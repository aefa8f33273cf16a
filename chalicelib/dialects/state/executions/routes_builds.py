"""Rows of the executions of builds."""

from chalicelib.dialects.state import shapes as state_shapes
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.executions import shapes as execution_shapes
from chalicelib.dialects.state.executions import words as runs
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import About, Flag, operation
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

RUNS = "Build Executions"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
BUILD = ENVIRONMENT + "/builds/by-name/{build}"
EXECUTION = BUILD + "/executions/{build_execution_id}"
CHANGES = frozenset({Flag.CHANGES})

OPERATIONS = (
    operation(
        STATE,
        "GET /api/v1/builds/executions/",
        read=runs.read_builds_executions,
        verb=list_executions_in,
        show=runs.show_build_executions,
        permission=AUTHENTICATED,
        about=About(
            group=RUNS,
            summary="Executions of builds that the caller may read, newest first.",
            answer=list[execution_shapes.BuildExecutionShape],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/builds/executions/",
        read=runs.read_builds_executions,
        verb=list_executions_in,
        show=runs.show_build_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="Executions of a project's builds, newest first.",
            answer=list[execution_shapes.BuildExecutionShape],
        ),
    ),
    operation(
        STATE,
        f"GET {BUILD}/executions/",
        read=runs.read_build_executions,
        verb=list_executions,
        show=runs.show_build_executions,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="A build's executions, newest first.", answer=list[execution_shapes.BuildExecutionShape]
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/",
        read=runs.read_build_execution,
        verb=see_execution,
        show=runs.show_build_execution,
        permission=PROJECT_READ,
        about=About(group=RUNS, summary="An execution of a build.", answer=execution_shapes.BuildExecutionShape),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/cancel",
        read=runs.read_build_execution,
        verb=cancel_execution,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Have an execution stop."),
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/retry",
        read=runs.read_build_execution,
        verb=retry_execution,
        show=runs.show_retried,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Have an ended execution done again.", answer=state_shapes.ExecutionID),
    ),
    operation(
        STATE,
        f"PUT {EXECUTION}/commit",
        read=runs.read_commit,
        verb=tell_commit,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=RUNS, summary="Say from which commit an execution is made.", body=execution_shapes.CommitBody
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/logs",
        read=runs.read_build_log,
        verb=read_execution_log,
        show=runs.show_log,
        permission=PROJECT_READ,
        about=About(
            group=RUNS, summary="The log of an execution from `?after=` on.", answer=list[execution_shapes.ChunkShape]
        ),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/logs_ws",
        read=runs.read_build_log,
        verb=offer_log,
        show=runs.show_offered_log,
        permission=PROJECT_READ,
        about=About(
            group=RUNS,
            summary="Where to watch the log of an execution from `?after=` on, by WebSocket, once and soon.",
            answer=execution_shapes.OfferedLogShape,
        ),
        flags=CHANGES,
    ),
    operation(
        STATE,
        f"POST {EXECUTION}/logs",
        read=runs.read_to_build_log,
        verb=add_to_log,
        show=runs.show_head,
        permission=PROJECT_WRITE,
        about=About(
            group=RUNS,
            summary="Add to the log of an execution.",
            body=execution_shapes.LinesBody,
            answer=execution_shapes.LogHeadShape,
        ),
    ),
)
