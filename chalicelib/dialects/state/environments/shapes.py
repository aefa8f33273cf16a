"""Shapes of environments."""

from pydantic import JsonValue

from chalicelib.http.shape import Shape


class StageSummary(Shape):
    """What is in a stage of a deployment."""

    version: str
    status: dict[str, JsonValue]


class DeploymentSummary(Shape):
    """A deployment in short."""

    name: str
    release: str
    stages: dict[str, StageSummary]


class EnvironmentSummary(Shape):
    """An environment in short. title: what other systems call it, left out where that is its name."""

    name: str
    title: str = ""
    description: str
    inputs: dict[str, JsonValue]
    deployments: dict[str, DeploymentSummary]


class NewEnvironmentBody(Shape):
    """An environment to be made."""

    name: str
    description: str = ""
    inputs: dict[str, JsonValue] | None = None


class EnvironmentBody(Shape):
    """What may be said of an environment. name: as in the address. deployments, title: read-only."""

    name: str | None = None
    description: str = ""
    inputs: dict[str, JsonValue] | None = None
    deployments: JsonValue = None
    title: JsonValue = None


class OrderBody(Shape):
    """Every environment of a project once."""

    order: list[str]
