"""Rows of the Variables API: all variables of a scope, or one of them."""

from chalicelib.dialects.buildmaster.dialect import BUILDMASTER
from chalicelib.dialects.buildmaster.variables import words
from chalicelib.http.operation import Group, Handling, Operation
from chalicelib.http.permission import KeyFor
from chalicelib.kernel.access.grant import Grant
from chalicelib.use_cases.variables.all_variables import list_all_variables, replace_all_variables
from chalicelib.use_cases.variables.scoped_variables import (
    get_scope,
    get_scope_variable,
    remove_variable,
    replace_scope,
    set_variable,
)

VARIABLES = Group(BUILDMASTER, "Variables")
KEY = KeyFor(Grant.VARIABLES)
PATH = "/api/variables"


def _rows(place: str, where: words.Where) -> tuple[Operation, ...]:
    """Return the rows of scopes with this path."""
    return (
        VARIABLES.operation(
            f"GET {PATH}/{place}",
            "All variables of a scope by name.",
            KEY,
            Handling(where, get_scope, words.show_all),
        ),
        VARIABLES.operation(
            f"POST|PUT {PATH}/{place}",
            "Replace all variables of a scope.",
            KEY,
            Handling(words.reader_of_all(where), replace_scope, words.show_nothing),
        ),
        VARIABLES.operation(
            f"GET {PATH}/{place}/{{variable}}",
            "The bare value of a variable.",
            KEY,
            Handling(words.reader_of_one(where), get_scope_variable, words.show_value),
        ),
        VARIABLES.operation(
            f"POST|PUT {PATH}/{place}/{{variable}}",
            "Set a variable to the body.",
            KEY,
            Handling(words.reader_of_value(where), set_variable, words.show_nothing),
        ),
        VARIABLES.operation(
            f"DELETE {PATH}/{place}/{{variable}}",
            "Remove a variable; one that is not there is no error.",
            KEY,
            Handling(words.reader_of_one(where), remove_variable, words.show_nothing),
        ),
    )


_SCOPED = (
    VARIABLES.operation(
        f"GET {PATH}/scoped/all",
        "All configured variables, each with its scope, which may be several at once.",
        KEY,
        Handling(words.read_all_scopes, list_all_variables, words.show_scopes),
    ),
    VARIABLES.operation(
        f"POST|PUT {PATH}/scoped/all",
        "Replace all configured variables.",
        KEY,
        Handling(words.read_new_scopes, replace_all_variables, words.show_nothing),
    ),
    VARIABLES.operation(
        f"POST|PUT {PATH}/scoped/single",
        "Set a variable of the scopes that the body names, all at once; of the installation where it names none.",
        KEY,
        Handling(words.read_single, set_variable, words.show_nothing),
    ),
    VARIABLES.operation(
        f"DELETE {PATH}/scoped/single",
        "Remove a variable of the scope that the body names.",
        KEY,
        Handling(words.read_removed_single, remove_variable, words.show_nothing),
    ),
)

OPERATIONS = (
    *_SCOPED,
    *_rows("global", words.global_scope),
    *_rows("releases/{application}/{release}", words.train_scope),
    *_rows("builds/{application}/{release}/{build}", words.train_scope),
    *_rows("packages/{application}/{release}/{build}", words.train_scope),
    *_rows("{type}/{name}", words.titled_scope),
)
