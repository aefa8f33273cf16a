"""Bodies about searches, what hangs on releases, hooks and yanks."""

from pydantic import Field

from chalicelib.http.shape import LenientShape

LARGEST_PAGE = 100


class SearchBody(LenientShape):
    """What to look for. metadata: that a release must have. page_from: exclusive, as `X-Next-Page` said."""

    query: str = Field(default="", max_length=500)
    namespace: str = ""
    application: str = ""
    metadata: dict[str, str] = Field(default_factory=dict, max_length=20)
    page_size: int = Field(default=20, ge=1, le=LARGEST_PAGE)
    page_from: str = Field(default="", max_length=1000)


class SearchResult(LenientShape):
    """A release that fits. project: its namespace. score: more is better."""

    project: str
    name: str
    version: str
    description: str
    score: int


class SearchResults(LenientShape):
    """Releases that fit, the best first."""

    results: list[SearchResult]


class YankBody(LenientShape):
    """Why a release is taken out of use."""

    reason: str


class GraphNode(LenientShape):
    """A release or an interface."""

    id: str
    label: str
    type: str


class GraphEdge(LenientShape):
    """How two nodes hang together."""

    from_: str = Field(alias="from")
    to: str
    type: str


class DependencyGraph(LenientShape):
    """A release and all that it hangs on, one step far."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]


class DownstreamRelease(LenientShape):
    """A release that needs another, and for what."""

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


class DiffEntry(LenientShape):
    """One difference."""

    path: list[str] = Field(alias="Path")
    previous: object = Field(alias="PreviousValue")
    new: object = Field(alias="NewValue")
    added: bool = Field(alias="Added")
    removed: bool = Field(alias="Removed")
