"""Rows of the search for releases."""

from chalicelib.dialects.inventory.dialect import INVENTORY
from chalicelib.dialects.inventory.search import shapes
from chalicelib.dialects.inventory.search import words as words_search
from chalicelib.http.operation import Flag, Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.releases.search import search_releases

NAMESPACES = Group(INVENTORY, "Namespaces")

OPERATIONS = (
    NAMESPACES.operation(
        "POST /api/v1/inventory/search",
        "Releases by the words of their names, descriptions, metadata and tags, the best first.",
        AUTHENTICATED,
        Handling(words_search.read_search, search_releases, words_search.show_search),
        schema=Schema(body=shapes.SearchBody, answer=shapes.SearchResults),
        flags=frozenset({Flag.FOR_JOBS}),
    ),
)
