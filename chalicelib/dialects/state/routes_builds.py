"""Rows about builds and their executions."""

from chalicelib.dialects.state import shapes_builds as shapes
from chalicelib.dialects.state import words_builds as words
from chalicelib.dialects.state import words_executions as runs
from chalicelib.dialects.state import words_webhooks as hooks
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words_common import show_execution_id, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE, PUBLIC
from chalicelib.use_cases.definitions.builds import remove_build, trigger_build
from chalicelib.use_cases.definitions.executions import (
    cancel_execution,
    list_executions,
    list_executions_in,
    retry_execution,
    see_execution,
)
from chalicelib.use_cases.definitions.lists import build_added, build_saved, build_seen, list_builds
from chalicelib.use_cases.definitions.webhooks import hear_build_webhook
from chalicelib.use_cases.jobs.commit import tell_commit
from chalicelib.use_cases.logs.execution_logs import add_to_log, read_execution_log
from chalicelib.use_cases.logs.watch_log import offer_log

GROUP = "Builds"
RUNS = "Build Executions"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
BUILD = ENVIRONMENT + "/builds/by-name/{build}"
EXECUTION = BUILD + "/executions/{build_execution_id}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
CHANGES = frozenset({Flag.CHANGES})
SECRET = frozenset({Flag.SECRET_ANSWER})

_BUILDS = (
    operation(
        STATE,
        "GET /api/v1/builds/",
        read=words.read_builds,
        verb=list_builds,
        show=words.show_all_builds,
        permission=AUTHENTICATED,
        about=About(
            group=GROUP,
            summary="The builds that the caller may read, by project, environment and name.",
            answer=dict[str, dict[str, dict[str, shapes.BuildShape]]],
        ),
    ),
    operation(
        STATE,
        "GET /api/v1/state/{project}/builds/",
        read=words.read_builds,
        verb=list_builds,
        show=words.show_builds_of_project,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="A project's builds by environment and name.",
            answer=dict[str, dict[str, shapes.BuildShape]],
        ),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/builds/",
        read=words.read_builds,
        verb=list_builds,
        show=words.show_builds,
        permission=PROJECT_READ,
        about=About(group=GROUP, summary="An environment's builds by name.", answer=dict[str, shapes.BuildShape]),
    ),
    operation(
        STATE,
        f"POST {ENVIRONMENT}/builds/",
        read=words.read_new_build,
        verb=build_added,
        show=words.show_build,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Define a build, with a webhook of its own.",
            body=shapes.BuildBody,
            answer=shapes.BuildShape,
        ),
        flags=SECRET,
    ),
    operation(
        STATE,
        f"GET {BUILD}/",
        read=words.read_build,
        verb=build_seen,
        show=words.show_build,
        permission=PROJECT_READ,
        about=About(
            group=GROUP, summary="A build; its webhook's token is shown to writers alone.", answer=shapes.BuildShape
        ),
    ),
    operation(
        STATE,
        f"PUT {BUILD}/",
        read=words.read_save_build,
        verb=build_saved,
        show=words.show_build,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Say anew what a build is; its private key only with `update_private_key`.",
            body=shapes.BuildBody,
            answer=shapes.BuildShape,
        ),
    ),
    operation(
        STATE,
        f"DELETE {BUILD}/",
        read=words.read_build,
        verb=remove_build,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=GROUP, summary="Remove a build; its executions stay."),
    ),
    operation(
        STATE,
        f"POST {BUILD}/trigger-build",
        read=words.read_trigger,
        verb=trigger_build,
        show=show_execution_id,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP,
            summary="Have a build run, of another branch or one commit where that is said.",
            body=shapes.TriggerBuildBody,
            answer=shapes.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
    operation(
        STATE,
        f"POST {ENVIRONMENT}/builds/webhook/{{code}}",
        read=hooks.read_build_webhook,
        verb=hear_build_webhook,
        show=hooks.show_heard,
        permission=PUBLIC,
        about=About(
            group=GROUP,
            summary="Tell a build of a push, by the token of its webhook.",
            body=dict[str, object],
            answer=shapes.Heard,
        ),
        flags=OPTIONAL,
    ),
)

_EXECUTIONS = (
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
            answer=list[shapes.BuildExecutionShape],
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
            answer=list[shapes.BuildExecutionShape],
        ),
    ),
    operation(
        STATE,
        f"GET {BUILD}/executions/",
        read=runs.read_build_executions,
        verb=list_executions,
        show=runs.show_build_executions,
        permission=PROJECT_READ,
        about=About(group=RUNS, summary="A build's executions, newest first.", answer=list[shapes.BuildExecutionShape]),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/",
        read=runs.read_build_execution,
        verb=see_execution,
        show=runs.show_build_execution,
        permission=PROJECT_READ,
        about=About(group=RUNS, summary="An execution of a build.", answer=shapes.BuildExecutionShape),
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
        about=About(group=RUNS, summary="Have an ended execution done again.", answer=shapes.ExecutionID),
    ),
    operation(
        STATE,
        f"PUT {EXECUTION}/commit",
        read=runs.read_commit,
        verb=tell_commit,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=RUNS, summary="Say from which commit an execution is made.", body=shapes.CommitBody),
    ),
    operation(
        STATE,
        f"GET {EXECUTION}/logs",
        read=runs.read_build_log,
        verb=read_execution_log,
        show=runs.show_log,
        permission=PROJECT_READ,
        about=About(group=RUNS, summary="The log of an execution from `?after=` on.", answer=list[shapes.ChunkShape]),
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
            answer=shapes.OfferedLogShape,
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
            group=RUNS, summary="Add to the log of an execution.", body=shapes.LinesBody, answer=shapes.HeadShape
        ),
    ),
)

OPERATIONS = (*_BUILDS, *_EXECUTIONS)
