"""Rows of loads: the configuration of a directory, read by a runner, and polled for."""

from chalicelib.dialects.deploy.dialect import DEPLOY
from chalicelib.dialects.deploy.loads import shapes, words
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED_OR_OPEN
from chalicelib.http.request import FORM
from chalicelib.kernel.definitions.compile_load import FILES, LoadKind
from chalicelib.use_cases.workloads.loads import get_load, load_configuration

LOADS = Group(DEPLOY, "Loads")


def _load(kind: LoadKind) -> Operation:
    return LOADS.operation(
        f"POST /v2/{kind}/load/configuration/from-git/{{repository}}/{{directory}}",
        f"Load the {FILES[kind]} of a directory; its `work_id` is polled for.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.reader_of_load(kind), load_configuration, words.show_begun),
        schema=Schema(status=202, body=shapes.LoadForm, answer=shapes.LoadBegunShape, takes=FORM),
        flags=frozenset({Flag.OPTIONAL_BODY}),
    )


def _state(kind: LoadKind) -> Operation:
    return LOADS.operation(
        f"GET /v2/{kind}/get/configuration-loading-state/{{work_id}}",
        f"What a load of a {FILES[kind]} has come to, for a day.",
        AUTHENTICATED_OR_OPEN,
        Handling(words.reader_of_state(kind), get_load, words.show_load),
        schema=Schema(answer=shapes.LoadShape),
    )


OPERATIONS = (
    _load(LoadKind.TASK),
    _state(LoadKind.TASK),
    _load(LoadKind.PIPELINE),
    _state(LoadKind.PIPELINE),
)
