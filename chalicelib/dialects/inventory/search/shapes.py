"""Shapes of searches."""

from pydantic import Field

from chalicelib.http.shape import LenientShape

LARGEST_PAGE = 100


class SearchBody(LenientShape):
    """A search. metadata: entries that a release must have. page_from: the `X-Next-Page` of the page before."""

    query: str = Field(default="", max_length=500)
    namespace: str = ""
    application: str = ""
    metadata: dict[str, str] = Field(default_factory=dict, max_length=20)
    page_size: int = Field(default=20, ge=1, le=LARGEST_PAGE)
    page_from: str = Field(default="", max_length=1000)


class SearchResult(LenientShape):
    """A release that matches. project: its namespace. score: higher is better."""

    project: str
    name: str
    version: str
    description: str
    score: int


class SearchResults(LenientShape):
    """Releases that match, best first."""

    results: list[SearchResult]
