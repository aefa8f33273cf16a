"""Read calls of native methods about variables, and show what they answer. Values are base64 of text in UTF-8."""

import base64
from collections.abc import Mapping, Sequence

from chalicelib.dialects.buildmaster.native.words import YES_AND_NO, decoded
from chalicelib.dialects.buildmaster.parameters import Parameters, read_parameters
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.trains.variables import ScopeKind
from chalicelib.use_cases.train_addresses.addresses import Address, TrainAddress
from chalicelib.use_cases.variables.numbered_variables import (
    NumberedScope,
    NumberedVariable,
    RemoveNumbered,
    UpdateNumbered,
)

PREFIXES: Mapping[ScopeKind, str] = {
    ScopeKind.APPLICATION: "Application",
    ScopeKind.APPLICATION_GROUP: "ApplicationGroup",
    ScopeKind.ENVIRONMENT: "Environment",
    ScopeKind.SERVER: "Server",
    ScopeKind.ROLE: "ServerRole",
}
"""What the names of columns begin with."""


def read_scope(request: Request) -> NumberedScope:
    """Read the variables of which scope are asked for, by the ids of what it belongs to. Faults: Invalid."""
    said = read_parameters(request)
    ids = _ids(said)
    if not ids:
        said.needed("Application_Id")
    said.check()
    return NumberedScope(origin=request.origin, ids=ids)


def read_build(request: Request) -> NumberedScope:
    """Read the variables of which build are asked for. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("Build_Id")
    number = said.whole("Build_Id")
    said.check()
    return NumberedScope(origin=request.origin, snapshot=number)


def read_saved(request: Request) -> UpdateNumbered:
    """Read a variable to set, of the scope that its ids name; of the installation without any. Faults: Invalid."""
    said = read_parameters(request)
    name, value = said.needed("Variable_Name"), decoded(said, "Variable_Value")
    sensitive = said.flag("Sensitive_Indicator", YES_AND_NO) if said.given("Sensitive_Indicator") else None
    scope = _saved_scope(request, said)
    said.check()
    return UpdateNumbered(scope=scope, name=name, value=value, sensitive=sensitive)


def read_removed(request: Request) -> RemoveNumbered:
    """Read which variable to remove. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("Variable_Id")
    number = said.whole("Variable_Id")
    said.check()
    return RemoveNumbered(origin=request.origin, id=number or 0)


def show_id(number: int) -> Reply:
    """Show the id of a variable."""
    return json_reply(number)


def show_variables(variables: Sequence[NumberedVariable]) -> Reply:
    """Show variables; of a sensitive one no value."""
    return json_reply([_variable(one) for one in variables])


def show_scoped(variables: Sequence[NumberedVariable]) -> Reply:
    """Show variables with what their scopes belong to."""
    return json_reply([{**_variable(one), **_owners(one)} for one in variables])


def _saved_scope(request: Request, said: Parameters) -> NumberedScope:
    number, release, ids = said.whole("Build_Id"), said.text("Release_Number"), _ids(said)
    application = ids.get(ScopeKind.APPLICATION)
    beside = [PREFIXES[kind] for kind in ids if kind is not ScopeKind.APPLICATION]
    if release and application is None:
        said.needed("Application_Id")
    for prefix in beside if release or number is not None else ():
        said.refuse(f"{prefix}_Id", "does not stand beside a release or build")
    if number is not None:
        return NumberedScope(origin=request.origin, snapshot=number)
    if release:
        train = TrainAddress(train=Address(number=release), application=Address(id=application))
        return NumberedScope(origin=request.origin, train=train)
    return NumberedScope(origin=request.origin, ids=ids)


def _ids(said: Parameters) -> Mapping[ScopeKind, int]:
    found = {kind: said.whole(f"{prefix}_Id") for kind, prefix in PREFIXES.items()}
    return {kind: number for kind, number in found.items() if number is not None}


def _variable(one: NumberedVariable) -> dict[str, Json]:
    return {
        "Variable_Id": one.id,
        "Variable_Name": one.name,
        "Variable_Value": base64.b64encode((one.value or "").encode()).decode(),
        "Sensitive_Indicator": one.value is None,
    }


def _owners(one: NumberedVariable) -> dict[str, Json]:
    shown: dict[str, Json] = {}
    for kind, prefix in PREFIXES.items():
        owner = one.owners.get(kind)
        shown[f"{prefix}_Id"] = owner.id if owner is not None else None
        shown[f"{prefix}_Name"] = owner.title if owner is not None else None
    return shown
