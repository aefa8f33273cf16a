"""Shapes of query parameters, for OpenAPI only: words.py and the words of each noun read them."""

from pydantic import Field

from chalicelib.http.shape import LenientShape


class SliceQuery(LenientShape):
    """A page of a list; without a size, all of it. page_from: the `X-Next-Page` of the page before."""

    page_size: int | None = Field(default=None, ge=1, le=1000)
    page_from: str = ""


class NamespacesQuery(SliceQuery):
    """The namespaces to list. namespaces: names, separated by commas."""

    namespaces: list[str] = Field(default_factory=list)
    project: str = ""


class OffersQuery(SliceQuery):
    """The interface whose providers are listed."""

    name: str = ""


class NextVersionQuery(LenientShape):
    """The prefix of the next version."""

    prefix: str = ""


class ReleaseQuery(LenientShape):
    """full: with any value, the answer has versions, package and provenance too."""

    full: str = ""
