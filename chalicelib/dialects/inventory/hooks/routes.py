"""Rows of hooks."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.hooks import words
from chalicelib.dialects.inventory.words import show_nothing
from chalicelib.http.operation import About, Operation, operation
from chalicelib.http.permission import NAMESPACE_READ, NAMESPACE_WRITE
from chalicelib.use_cases.releases.hooks import put_hooks, see_hooks

HOOKS = dict[str, dict[str, str]]
NAMESPACE = "/api/v1/inventory/{namespace}"


def _rows(owner: str, path: str) -> tuple[Operation, Operation]:
    return (
        operation(
            INVENTORY,
            f"GET {path}/hooks/",
            read=words.read_unit,
            verb=see_hooks,
            show=words.show_hooks,
            permission=NAMESPACE_READ,
            about=About(group="Hooks", summary=f"The hooks of {owner}, without their secrets.", answer=HOOKS),
        ),
        operation(
            INVENTORY,
            f"PUT {path}/hooks/",
            read=words.read_hooks,
            verb=put_hooks,
            show=show_nothing,
            permission=NAMESPACE_WRITE,
            about=About(
                group="Hooks",
                summary=f"Replace the hooks of {owner}, which are called when a package was uploaded.",
                status=201,
                body=HOOKS,
            ),
        ),
    )


OPERATIONS = (*_rows("a namespace", NAMESPACE), *_rows("a unit", f"{NAMESPACE}/units/{{name}}"))
