"""Read requests about environments, and show the answers."""

from collections.abc import Mapping

from chalicelib.dialects.state.deployments.words import shown_summary
from chalicelib.dialects.state.environments import shapes
from chalicelib.dialects.state.words import other_name, read_at
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.projects.environment_views import EnvironmentView
from chalicelib.use_cases.projects.environments import EnvironmentNamed, SaveEnvironment
from chalicelib.use_cases.projects.projects import (
    UpdateOrder,
)
from chalicelib.use_cases.removal.project import RemoveEnvironment
from chalicelib.use_cases.removal.removal import Removed


def read_order(request: Request) -> UpdateOrder:
    """Read the new order of a project's environments. Faults: Invalid."""
    body = request.body(shapes.OrderBody)
    return UpdateOrder(origin=request.origin, project=request.parameters["project"], order=tuple(body.order))


def read_new_environment(request: Request) -> SaveEnvironment:
    """Read an environment to create. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.NewEnvironmentBody)
    return SaveEnvironment(
        origin=request.origin,
        project=request.parameters["project"],
        name=body.name,
        description=body.description,
        inputs=body.inputs or {},
        unreadable=unreadable,
    )


def read_save_environment(request: Request) -> SaveEnvironment:
    """Read the new settings of an environment. Faults: Invalid."""
    name = request.parameters["environment"]
    body, unreadable = request.body_in_part(shapes.EnvironmentBody)
    return SaveEnvironment(
        origin=request.origin,
        project=request.parameters["project"],
        name=name,
        description=body.description,
        inputs=body.inputs or {},
        unreadable=other_name(unreadable, body.name, name),
    )


def read_environment(request: Request) -> EnvironmentNamed:
    """Read which environment is requested, and as of when. Faults: Invalid."""
    return EnvironmentNamed(
        by=request.asker,
        project=request.parameters["project"],
        name=request.parameters["environment"],
        at=read_at(request),
    )


def show_environment(view: EnvironmentView) -> Reply:
    """Show a summary of an environment."""
    return json_reply(_shown_environment(view))


def show_providers(providers: Mapping[str, tuple[str, ...]]) -> Reply:
    """Show the deployments that provide each interface."""
    return json_reply({interface: list(names) for interface, names in providers.items()})


def _shown_environment(view: EnvironmentView) -> dict[str, Json]:
    held = view.environment
    inputs: dict[str, Json] = shown(held.inputs, held.secrets)  # type: ignore[assignment]  # they were parsed from JSON
    return {
        "name": view.environment.name,
        **({"title": view.environment.title} if view.environment.title else {}),
        "description": view.environment.description,
        "inputs": inputs,
        "deployments": {state.name: shown_summary(state) for state in view.deployments},
    }


def read_remove_environment(request: Request) -> RemoveEnvironment:
    """Read which environment to remove."""
    return RemoveEnvironment(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["environment"]
    )


def show_removed(removed: Removed) -> Reply:
    """Show what was removed, and whether the removal is complete."""
    return json_reply({"removed": dict(removed.counts), "stopping": removed.stopping, "complete": removed.is_complete})
