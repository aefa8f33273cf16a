"""Read calls of native methods about variables, and show what they answer. Values are base64."""

import base64
from collections.abc import Sequence

from chalicelib.dialects.buildmaster.parameters import read_parameters
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.use_cases.trains.numbered_variables import NumberedScope, NumberedVariable, RemoveNumbered


def read_scope(request: Request) -> NumberedScope:
    """Read the variables of which application or group are asked for. Faults: Invalid."""
    said = read_parameters(request)
    application, group = said.whole("Application_Id"), said.whole("ApplicationGroup_Id")
    if application is None and group is None:
        said.needed("Application_Id")
    said.check()
    return NumberedScope(origin=request.origin, application=application, group=group)


def read_build(request: Request) -> NumberedScope:
    """Read the variables of which build are asked for. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("Build_Id")
    number = said.whole("Build_Id")
    said.check()
    return NumberedScope(origin=request.origin, snapshot=number)


def read_removed(request: Request) -> RemoveNumbered:
    """Read which variable to remove. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("Variable_Id")
    number = said.whole("Variable_Id")
    said.check()
    return RemoveNumbered(origin=request.origin, id=number or 0)


def show_variables(variables: Sequence[NumberedVariable]) -> Reply:
    """Show variables; of a sensitive one no value."""
    return json_reply(
        [
            {
                "Variable_Id": one.id,
                "Variable_Name": one.name,
                "Variable_Value": base64.b64encode((one.value or "").encode()).decode(),
                "Sensitive_Indicator": one.value is None,
            }
            for one in variables
        ]
    )
