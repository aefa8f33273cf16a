"""Rows of what hangs on releases: differences, graphs, providers; of searching, yanking and forgetting."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.links import shapes, words
from chalicelib.dialects.inventory.shapes import OffersQuery, SliceQuery
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN
from chalicelib.use_cases.releases.links import list_downstream, list_offers, see_graph

RELEASES = "Releases"
NAMESPACES = "Namespaces"
NAMESPACE = "/api/v1/inventory/{namespace}"
VERSION = f"{NAMESPACE}/units/{{name}}/versions/{{version}}"

OPERATIONS = (
    operation(
        INVENTORY,
        f"GET {VERSION}/dependency-graph",
        read=words.read_links,
        verb=see_graph,
        show=words.show_graph,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="A release, its interfaces, what it needs and what needs it.",
            answer=shapes.DependencyGraph,
        ),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/downstream",
        read=words.read_links,
        verb=list_downstream,
        show=words.show_downstream,
        permission=NAMESPACE_SEEN,
        about=About(
            group=RELEASES,
            summary="The releases that need exactly this one.",
            query=SliceQuery,
            answer=list[shapes.DownstreamRelease],
        ),
    ),
    operation(
        INVENTORY,
        "GET /api/v1/inventory/__providers",
        read=words.read_providers,
        verb=list_offers,
        show=words.show_providers,
        permission=AUTHENTICATED,
        about=About(
            group=NAMESPACES,
            summary="Who provides the interface `?name=`, each in the highest version that does.",
            query=OffersQuery,
            answer=dict[str, shapes.ProviderShape],
        ),
    ),
)
