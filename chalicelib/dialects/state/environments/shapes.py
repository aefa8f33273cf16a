"""Shapes of environments."""

from pydantic import JsonValue

from chalicelib.dialects.state.shapes import AtQuery
from chalicelib.http.shape import Shape


class StageSummary(Shape):
    """Version and status of a stage."""

    version: str
    status: dict[str, JsonValue]


class DeploymentSummary(Shape):
    """A summary of a deployment."""

    name: str
    release: str
    stages: dict[str, StageSummary]


class EnvironmentSummary(Shape):
    """A summary of an environment. title: its name in other systems, if it differs."""

    name: str
    title: str = ""
    description: str
    inputs: dict[str, JsonValue]
    deployments: dict[str, DeploymentSummary]


class NewEnvironmentBody(Shape):
    """A new environment."""

    name: str
    description: str = ""
    inputs: dict[str, JsonValue] | None = None


class EnvironmentBody(Shape):
    """Settings of an environment. name: as in the path. deployments, title: read-only."""

    name: str | None = None
    description: str = ""
    inputs: dict[str, JsonValue] | None = None
    deployments: JsonValue = None
    title: JsonValue = None


class OrderBody(Shape):
    """All environments of a project, in their new order."""

    order: list[str]


class EnvironmentQuery(AtQuery):
    """full: with its deployments whole, in place of in short."""

    full: bool = False
