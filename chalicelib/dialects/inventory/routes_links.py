"""Rows of what hangs on releases: differences, graphs, providers; of searching, yanking and forgetting."""

from chalicelib.dialects.inventory import shapes_search as shapes
from chalicelib.dialects.inventory import words_diff, words_search
from chalicelib.dialects.inventory import words_links as words
from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.shapes_pages import OffersQuery, SliceQuery
from chalicelib.dialects.inventory.words_namespaces import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED, NAMESPACE_SEEN, NAMESPACE_WRITE
from chalicelib.use_cases.releases.diff import compare_releases
from chalicelib.use_cases.releases.links import list_downstream, list_offers, see_graph
from chalicelib.use_cases.releases.search import search_releases
from chalicelib.use_cases.releases.yank import unyank, yank
from chalicelib.use_cases.removal.namespace import remove_namespace

RELEASES = "Releases"
NAMESPACES = "Namespaces"
NAMESPACE = "/api/v1/inventory/{namespace}"
VERSION = f"{NAMESPACE}/units/{{name}}/versions/{{version}}"
DIFF = dict[str, dict[str, list[shapes.DiffEntry]]]

OPERATIONS = (
    operation(
        INVENTORY,
        f"GET {VERSION}/diff/",
        read=words_diff.read_diff,
        verb=compare_releases,
        show=words_diff.show_diff,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="What is different from the release before.", answer=DIFF),
    ),
    operation(
        INVENTORY,
        f"GET {VERSION}/diff/{{diffWith}}/",
        read=words_diff.read_diff,
        verb=compare_releases,
        show=words_diff.show_diff,
        permission=NAMESPACE_SEEN,
        about=About(group=RELEASES, summary="What is different from another release.", answer=DIFF),
    ),
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
        f"POST {VERSION}/yank",
        read=words_search.read_yank,
        verb=yank,
        show=show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(group=RELEASES, summary="Take a release out of use.", body=shapes.YankBody),
    ),
    operation(
        INVENTORY,
        f"DELETE {VERSION}/yank",
        read=words_search.read_unyank,
        verb=unyank,
        show=show_nothing,
        permission=NAMESPACE_WRITE,
        about=About(group=RELEASES, summary="Take a release into use again."),
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
    operation(
        INVENTORY,
        "POST /api/v1/inventory/search",
        read=words_search.read_search,
        verb=search_releases,
        show=words_search.show_search,
        permission=AUTHENTICATED,
        about=About(
            group=NAMESPACES,
            summary="Releases by the words of their names, descriptions, metadata and tags, the best first.",
            body=shapes.SearchBody,
            answer=shapes.SearchResults,
        ),
    ),
    operation(
        INVENTORY,
        f"DELETE {NAMESPACE}/hard-delete",
        read=words.read_removal,
        verb=remove_namespace,
        show=show_nothing,
        permission=AUTHENTICATED,
        about=About(group=NAMESPACES, summary="Forget a namespace and all in it but the files of packages."),
    ),
)
