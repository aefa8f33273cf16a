"""Read requests about variables of a scope, and show them. One variable is its bare value, of any content type."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from chalicelib.dialects.buildmaster.parameters import BOOLEANS, SHOWN, read_parameters
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply, text_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.staged.json_object import JsonObject
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.secret_inputs import SECRET
from chalicelib.kernel.trains.variables import ScopeKind, VariableSet
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.variables.all_variables import GivenVariable, ReplaceAll, ScopedVariable
from chalicelib.use_cases.variables.scope_places import CONFIGURED, ScopeNamed
from chalicelib.use_cases.variables.scoped_variables import HIDDEN, ReplaceVariables, SetVariable, VariableNamed
from slipway_formats.defect import Defect

TYPES: Mapping[str, ScopeKind] = {kind.value: kind for kind in CONFIGURED}
Where = Callable[[Request], ScopeNamed]


def global_scope(request: Request) -> ScopeNamed:
    """Read the scope of the installation."""
    return ScopeNamed(origin=request.origin)


def titled_scope(request: Request) -> ScopeNamed:
    """Read a scope by its type and what it belongs to. Faults: Invalid."""
    kind = TYPES.get(request.parameters["type"].casefold())
    if kind is None:
        raise Invalid.single("", f"there are no variables of this type: {', '.join(TYPES)}")
    return ScopeNamed(origin=request.origin, titles={kind: request.parameters["name"]})


def train_scope(request: Request) -> ScopeNamed:
    """Read the scope of a release, or of a build where one is named."""
    parameters = request.parameters
    titles = {ScopeKind.APPLICATION: parameters["application"]}
    train, snapshot = parameters["release"], parameters.get("build", "")
    return ScopeNamed(origin=request.origin, titles=titles, train=train, snapshot=snapshot)


def reader_of_all(where: Where) -> Callable[[Request], ReplaceVariables]:
    """Return the reader of all variables that a scope is to have."""
    return lambda request: ReplaceVariables(scope=where(request), variables=_given(request))


def reader_of_one(where: Where) -> Callable[[Request], VariableNamed]:
    """Return the reader of which variable of a scope is asked for."""
    return lambda request: VariableNamed(scope=where(request), name=request.parameters["variable"])


def reader_of_value(where: Where) -> Callable[[Request], SetVariable]:
    """Return the reader of a variable and its value, which is the body as it is."""
    return lambda request: SetVariable(scope=where(request), name=request.parameters["variable"], value=_text(request))


def read_single(request: Request) -> SetVariable:
    """Read one variable that names its scope itself, which may be several at once. Faults: Invalid."""
    said = read_parameters(request)
    name, value = said.needed("name"), said.text("value")
    titles = {TYPES[kind]: said.text(kind) for kind in said.given(*TYPES)}
    said.check()
    return SetVariable(scope=ScopeNamed(origin=request.origin, titles=titles), name=name, value=value)


def read_removed_single(request: Request) -> VariableNamed:
    """Read which variable to remove, which names its scope itself. Faults: Invalid."""
    single = read_single(request)
    return VariableNamed(scope=single.scope, name=single.name)


def read_all_scopes(request: Request) -> Origin:
    """Read a request for all variables."""
    return request.origin


def read_new_scopes(request: Request) -> ReplaceAll:
    """Read all variables that there are to be, each with its scope. Faults: Invalid with every defect."""
    body = request.json() if request.content.strip() else None
    if not isinstance(body, list):
        raise Invalid.single("", "the body should be a JSON array of variables")
    # Once more, for numbers as they are written.
    given = json.loads(request.content, parse_int=str, parse_float=str)
    defects: list[Defect] = []
    found = [_scoped(request, JsonObject(one, f"[{number}]", defects)) for number, one in enumerate(given)]
    if defects:
        raise Invalid(tuple(defects))
    return ReplaceAll(origin=request.origin, variables=tuple(found))


def show_scopes(variables: Sequence[ScopedVariable]) -> Reply:
    """Show variables with their scopes; of a sensitive one that it is there."""
    return json_reply([_scoped_object(one) for one in variables])


def show_all(variables: VariableSet) -> Reply:
    """Show the variables of a scope; of a sensitive one that it is there."""
    hidden: dict[str, Json] = {
        name: {"value": HIDDEN, "sensitive": True, "evaluate": False} for name in variables.secrets
    }
    return json_reply({**variables.values, **hidden})


def show_value(value: str) -> Reply:
    """Show the bare value of a variable."""
    return text_reply(value)


def show_nothing(_: object) -> Reply:
    """Answer nothing."""
    return empty_reply()


def _scoped(request: Request, said: JsonObject) -> GivenVariable:
    titles = {kind: title for name, kind in TYPES.items() if (title := said.text(name))}
    value = said.scalar("value")
    return GivenVariable(
        scope=ScopeNamed(origin=request.origin, titles=titles),
        name=said.needed("name"),
        value={SECRET: value} if said.flag("sensitive") else value,
    )


def _scoped_object(one: ScopedVariable) -> Json:
    titles = {name: one.owners[kind].title if kind in one.owners else None for name, kind in TYPES.items()}
    value = HIDDEN if one.value is None else one.value
    return {"name": one.name, "value": value, "sensitive": one.value is None, "evaluate": False, **titles}


def _given(request: Request) -> Mapping[str, object]:
    """Return variables by name, each a text or a number, or an object that says whether it is sensitive."""
    # No body takes nothing away: whoever wants none of them says so.
    body = request.json() if request.content.strip() else None
    if not isinstance(body, dict):
        raise Invalid.single("", "the body should be a JSON object")
    # Once more, for numbers as they are written.
    return dict(_variables(json.loads(request.content, parse_int=str, parse_float=str)))


def _variables(body: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, said in body.items():
        whole = {key.casefold(): one for key, one in said.items()} if isinstance(said, dict) else {"value": said}
        value = whole.get("value")
        text = "true" if value is True else "false" if value is False else "" if value is None else value
        yield name, {SECRET: text} if _is_sensitive(name, whole.get("sensitive")) else text


def _is_sensitive(name: str, said: object) -> bool:
    """Read whether a variable is sensitive. Faults: Invalid for anything unclear, as it would be shown otherwise."""
    found = BOOLEANS.get(said.strip().lower()) if isinstance(said, str) else said
    if found is None and said in (None, ""):
        return False
    if not isinstance(found, bool):
        raise Invalid.single(f"{name[:SHOWN]}.sensitive", "should be true or false")
    return found


def _text(request: Request) -> str:
    try:
        return request.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid.single("", "the value should be text in UTF-8") from error
