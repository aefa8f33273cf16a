"""Shapes of query parameters, for OpenAPI only: words.py and the words of each noun read them."""

from pydantic import Field

from chalicelib.http.shape import LenientShape


class SliceQuery(LenientShape):
    """Which slice of a list: the whole without a size. page_from: as `X-Next-Page` said."""

    page_size: int | None = Field(default=None, ge=1, le=1000)
    page_from: str = ""


class NamespacesQuery(SliceQuery):
    """Which namespaces. namespaces: names, also several joined by commas."""

    namespaces: list[str] = Field(default_factory=list)
    project: str = ""


class OffersQuery(SliceQuery):
    """Of which interface."""

    name: str = ""


class NextVersionQuery(LenientShape):
    """With what the version begins."""

    prefix: str = ""


class ReleaseQuery(LenientShape):
    """Whether all that is known around a release is wanted: whatever stands there says yes."""

    full: str = ""
