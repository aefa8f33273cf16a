"""Rows of webhooks of namespaces and units."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.hooks import words
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import NAMESPACE_READ, NAMESPACE_WRITE
from chalicelib.use_cases.releases.hooks import get_hooks, update_hooks

HOOKS_GROUP = Group(INVENTORY, "Hooks")
HOOKS = dict[str, dict[str, str]]
NAMESPACE = "/api/v1/inventory/{namespace}"


def _rows(owner: str, path: str) -> tuple[Operation, Operation]:
    return (
        HOOKS_GROUP.operation(
            f"GET {path}/hooks/",
            f"The hooks of {owner}, without their secrets.",
            NAMESPACE_READ,
            Handling(words.read_unit, get_hooks, words.show_hooks),
            schema=Schema(answer=HOOKS),
        ),
        HOOKS_GROUP.operation(
            f"PUT {path}/hooks/",
            f"Replace the hooks of {owner}, which are called when a package was uploaded.",
            NAMESPACE_WRITE,
            Handling(words.read_hooks, update_hooks, show_nothing),
            schema=Schema(status=201, body=HOOKS),
        ),
    )


OPERATIONS = (*_rows("a namespace", NAMESPACE), *_rows("a unit", f"{NAMESPACE}/units/{{name}}"))
