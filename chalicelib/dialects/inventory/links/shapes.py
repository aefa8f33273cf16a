"""Shapes of dependency graphs, downstream releases and providers."""

from pydantic import Field

from chalicelib.http.shape import LenientShape


class GraphNode(LenientShape):
    """A release or an interface."""

    id: str
    label: str
    type: str


class GraphEdge(LenientShape):
    """An edge: how two nodes depend on one another."""

    from_: str = Field(alias="from")
    to: str
    type: str


class DependencyGraph(LenientShape):
    """A release and its direct dependencies."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]


class DownstreamRelease(LenientShape):
    """A release that depends on another: in its build, when deployed, or as an extension."""

    project: str
    name: str
    version: str
    build: bool
    deploy: bool
    is_extension: bool


class ProviderShape(LenientShape):
    """A release that offers an interface."""

    application: str
    project: str
    version: str
    description: str
