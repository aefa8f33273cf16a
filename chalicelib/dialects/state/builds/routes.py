"""Rows of builds. Their executions: executions/routes_builds.py."""

from chalicelib.dialects.state import shapes as state_shapes
from chalicelib.dialects.state.builds import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words import show_execution_id, show_nothing
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.definitions.builds import remove_build, trigger_build
from chalicelib.use_cases.definitions.lists import build_added, build_saved, get_listed_build, list_builds

GROUP = Group(STATE, "Builds")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"
BUILD = ENVIRONMENT + "/builds/by-name/{build}"
OPTIONAL = frozenset({Flag.OPTIONAL_BODY})
SECRET = frozenset({Flag.SECRET_ANSWER})
FOR_JOBS = frozenset({Flag.FOR_JOBS})

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/builds/",
        "The builds that the caller may read, by project, environment and name.",
        AUTHENTICATED,
        Handling(words.read_builds, list_builds, words.show_all_builds),
        schema=Schema(answer=dict[str, dict[str, dict[str, shapes.BuildShape]]]),
    ),
    GROUP.operation(
        "GET /api/v1/state/{project}/builds/",
        "A project's builds by environment and name.",
        PROJECT_READ,
        Handling(words.read_builds, list_builds, words.show_builds_of_project),
        schema=Schema(answer=dict[str, dict[str, shapes.BuildShape]]),
    ),
    GROUP.operation(
        f"GET {ENVIRONMENT}/builds/",
        "An environment's builds by name.",
        PROJECT_READ,
        Handling(words.read_builds, list_builds, words.show_builds),
        schema=Schema(answer=dict[str, shapes.BuildShape]),
    ),
    GROUP.operation(
        f"POST {ENVIRONMENT}/builds/",
        "Define a build, with a webhook of its own.",
        PROJECT_WRITE,
        Handling(words.read_new_build, build_added, words.show_build),
        schema=Schema(body=shapes.BuildBody, answer=shapes.BuildShape),
        flags=SECRET,
    ),
    GROUP.operation(
        f"GET {BUILD}/",
        "A build; its webhook's token is shown to writers alone.",
        PROJECT_READ,
        Handling(words.read_build, get_listed_build, words.show_build),
        schema=Schema(answer=shapes.BuildShape),
    ),
    GROUP.operation(
        f"PUT {BUILD}/",
        "Say anew what a build is; its private key only with `update_private_key`.",
        PROJECT_WRITE,
        Handling(words.read_save_build, build_saved, words.show_build),
        schema=Schema(body=shapes.BuildBody, answer=shapes.BuildShape),
    ),
    GROUP.operation(
        f"DELETE {BUILD}/",
        "Remove a build; its executions stay.",
        PROJECT_WRITE,
        Handling(words.read_build, remove_build, show_nothing),
    ),
    GROUP.operation(
        f"POST {BUILD}/trigger-build",
        "Have a build run, of another branch or one commit where that is said.",
        PROJECT_WRITE,
        Handling(words.read_trigger, trigger_build, show_execution_id),
        schema=Schema(body=shapes.TriggerBuildBody, answer=state_shapes.ExecutionID),
        flags=OPTIONAL | FOR_JOBS,
    ),
)
