"""Read requests about environments, and show them."""

from chalicelib.dialects.flexdeploy.numbers import id_in
from chalicelib.dialects.flexdeploy.topology import shapes
from chalicelib.http.reply import Json, Reply, empty_reply
from chalicelib.http.request import Request
from chalicelib.kernel.installation.entries import SharedEnvironment
from chalicelib.use_cases.installation.environments import EnvironmentQuery
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, UpdateEnvironment


def read_list(request: Request) -> EnvironmentQuery:
    """Read which environments are asked for. Faults: Invalid."""
    return EnvironmentQuery(
        origin=request.origin,
        code=request.query.text("environmentCode") or "",
        title=request.query.text("environmentName") or "",
    )


def read_one(request: Request) -> EnvironmentQuery:
    """Read which environment is asked for. Faults: Invalid."""
    return EnvironmentQuery(origin=request.origin, id=id_in(request, "environmentId"))


def read_new(request: Request) -> CreateEnvironment:
    """Read an environment to create. Faults: Invalid."""
    body = request.body(shapes.NewCodedEnvironmentBody)
    return CreateEnvironment(origin=request.origin, title=body.environment_name, code=body.environment_code)


def read_changed(request: Request) -> UpdateEnvironment:
    """Read what is said anew of an environment. Faults: Invalid."""
    number, body = id_in(request, "environmentId"), request.body(shapes.CodedEnvironmentBody)
    return UpdateEnvironment(
        origin=request.origin,
        id=number,
        title=body.environment_name,
        code=body.environment_code,
        is_active=body.is_active,
    )


def shown(one: SharedEnvironment) -> dict[str, Json]:
    """Show an environment."""
    return {
        "environmentId": one.id,
        "environmentCode": one.code,
        "environmentName": one.title,
        "isActive": one.is_active,
    }


def show_nothing(_: object) -> Reply:
    """Answer nothing."""
    return empty_reply()
