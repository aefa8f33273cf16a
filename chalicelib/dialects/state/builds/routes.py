"""Rows about builds and their executions."""

from chalicelib.dialects.state import shapes as state_shapes
from chalicelib.dialects.state.builds import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import About, Flag, operation
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.builds import remove_build, trigger_build
from chalicelib.use_cases.definitions.lists import build_added, build_saved, build_seen, list_builds

GROUP = "Builds"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
BUILD = ENVIRONMENT + "/builds/by-name/{build}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
SECRET = frozenset({Flag.SECRET_ANSWER})

OPERATIONS = (
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
            answer=state_shapes.ExecutionID,
        ),
        flags=OPTIONAL,
    ),
)
