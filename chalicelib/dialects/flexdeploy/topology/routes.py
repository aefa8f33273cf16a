"""Rows of environments, which both versions of the API have."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.lists import alone, bare, items
from chalicelib.dialects.flexdeploy.topology import shapes, words
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.installation.environments import get_environment_entry, list_environments
from chalicelib.use_cases.installation.numbered_environments import (
    create_environment_entry,
    remove_environment_entry,
    update_environment_entry,
)

GROUP = Group(FLEXDEPLOY, "Topology")
SHOW_LIST = {"v1": bare(words.shown), "v2": items(words.shown)}
LISTS: dict[str, type[object]] = {"v1": list[shapes.EnvironmentShape], "v2": shapes.EnvironmentItems}


def _rows(version: str) -> tuple[Operation, ...]:
    path = f"{PREFIX}/rest/{version}/topology/environment"
    one = f"{path}/{{environmentId}}"
    return (
        GROUP.operation(
            f"GET {path}",
            "Environments, exactly by `environmentCode` in any case, or by a part of `environmentName`.",
            AUTHENTICATED,
            Handling(words.read_list, list_environments, SHOW_LIST[version]),
            schema=Schema(query=shapes.EnvironmentQueryShape, answer=LISTS[version]),
        ),
        GROUP.operation(
            f"POST {path}",
            "Create an environment.",
            AUTHENTICATED,
            Handling(words.read_new, create_environment_entry, alone(words.shown)),
            schema=Schema(status=201, body=shapes.NewCodedEnvironmentBody, answer=shapes.EnvironmentShape),
        ),
        GROUP.operation(
            f"GET {one}",
            "An environment.",
            AUTHENTICATED,
            Handling(words.read_one, get_environment_entry, alone(words.shown)),
            schema=Schema(answer=shapes.EnvironmentShape),
        ),
        GROUP.operation(
            f"PATCH|PUT {one}",
            "Say anew how an environment is called, and whether it is in use.",
            AUTHENTICATED,
            Handling(words.read_changed, update_environment_entry, alone(words.shown)),
            schema=Schema(body=shapes.CodedEnvironmentBody, answer=shapes.EnvironmentShape),
        ),
        GROUP.operation(
            f"DELETE {one}",
            "Remove an environment from the list.",
            AUTHENTICATED,
            Handling(words.read_one, remove_environment_entry, words.show_nothing),
            schema=Schema(status=204),
        ),
    )


OPERATIONS = (*_rows("v1"), *_rows("v2"))
