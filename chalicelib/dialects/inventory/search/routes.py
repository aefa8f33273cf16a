"""Rows of searching for releases."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.search import shapes
from chalicelib.dialects.inventory.search import words as words_search
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.releases.search import search_releases

NAMESPACES = "Namespaces"

OPERATIONS = (
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
)
