"""Rows of dependency graphs, downstream releases and providers."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.links import shapes, words
from chalicelib.dialects.inventory.shapes import OffersQuery, SliceQuery
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN
from chalicelib.use_cases.releases.links import get_graph, list_downstream, list_offers

RELEASES = Group(INVENTORY, "Releases")
NAMESPACES = Group(INVENTORY, "Namespaces")
NAMESPACE = "/api/v1/inventory/{namespace}"
VERSION = f"{NAMESPACE}/units/{{name}}/versions/{{version}}"

OPERATIONS = (
    RELEASES.operation(
        f"GET {VERSION}/dependency-graph",
        "A release, its interfaces, what it needs and what needs it.",
        NAMESPACE_SEEN,
        Handling(words.read_graph, get_graph, words.show_graph),
        schema=Schema(answer=shapes.DependencyGraph),
    ),
    RELEASES.operation(
        f"GET {VERSION}/downstream",
        "The releases that need exactly this one.",
        NAMESPACE_SEEN,
        Handling(words.read_links, list_downstream, words.show_downstream),
        schema=Schema(query=SliceQuery, answer=list[shapes.DownstreamRelease]),
    ),
    NAMESPACES.operation(
        "GET /api/v1/inventory/__providers",
        "Who provides the interface `?name=`, each in the highest version that does.",
        AUTHENTICATED,
        Handling(words.read_providers, list_offers, words.show_providers),
        schema=Schema(query=OffersQuery, answer=dict[str, shapes.ProviderShape]),
    ),
)
