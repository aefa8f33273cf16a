"""Rows of the Infrastructure API: environments, and servers and roles, of which it keeps the names."""

from chalicelib.dialects.buildmaster.dialect import INFRASTRUCTURE_API
from chalicelib.dialects.buildmaster.infrastructure import words
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import KeyFor
from chalicelib.kernel.access.grant import Grant
from chalicelib.kernel.installation.entries import ListKind
from chalicelib.use_cases.installation.environments import create_listed, list_entries, remove_listed, update_listed

INFRASTRUCTURE = Group(INFRASTRUCTURE_API, "Infrastructure")
KEY = KeyFor(Grant.INFRASTRUCTURE)
PATH = "/api/infrastructure"


def _rows(plural: str, kind: ListKind | None) -> tuple[Operation, ...]:
    """Return the rows of one list. kind: None for environments."""
    word = plural.removesuffix("s")
    return (
        INFRASTRUCTURE.operation(
            f"GET|POST {PATH}/{plural}/list",
            f"All {plural}.",
            KEY,
            Handling(words.reader_of_list(kind), list_entries, words.show_list),
        ),
        INFRASTRUCTURE.operation(
            f"POST {PATH}/{plural}/create/{{name}}",
            f"Add a name to the {plural}.",
            KEY,
            Handling(words.reader_of_entry(kind), create_listed, words.show_nothing),
            schema=Schema(status=201),
        ),
        INFRASTRUCTURE.operation(
            f"POST {PATH}/{plural}/update/{{name}}",
            f"Change the {word} of this name; what is left out stays.",
            KEY,
            Handling(words.reader_of_entry(kind), update_listed, words.show_nothing),
        ),
        INFRASTRUCTURE.operation(
            f"DELETE|POST {PATH}/{plural}/delete/{{name}}",
            f"Take the {word} from the list.",
            KEY,
            Handling(words.reader_of_entry(kind), remove_listed, words.show_nothing),
        ),
    )


OPERATIONS = (*_rows("environments", None), *_rows("servers", ListKind.SERVER), *_rows("roles", ListKind.ROLE))
