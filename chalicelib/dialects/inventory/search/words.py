"""Read searches for releases, and show the results."""

from chalicelib.dialects.inventory.go_json.write import go_reply
from chalicelib.dialects.inventory.search.shapes import SearchBody
from chalicelib.dialects.inventory.words import next_page
from chalicelib.http.answers.listed import listed
from chalicelib.http.reply import Json, Reply
from chalicelib.http.request import Request
from chalicelib.use_cases.releases.search import FoundPage, FoundRelease, SearchReleases


def read_search(request: Request) -> SearchReleases:
    """Read a search. Faults: Invalid."""
    body = request.optional_body(SearchBody)
    return SearchReleases(
        by=request.asker,
        query=body.query,
        namespace=body.namespace,
        application=body.application,
        metadata=body.metadata,
        size=body.page_size,
        after=body.page_from,
    )


def show_search(page: FoundPage) -> Reply:
    """Show the matching releases, best first, and where the next page begins."""
    return go_reply({"results": [_found(one) for one in page.found]}, next_page(page.after))


def _found(one: FoundRelease) -> Json:
    metadata = one.release.metadata
    return listed(
        {
            "project": one.release.namespace,
            "name": metadata.name,
            "version": metadata.version,
            "description": metadata.description,
            "score": one.score,
        }
    )
