"""Raw requests, and the syntax of paths. Does not import pydantic, which would slow down a cold start."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from slipway_formats.frozen import frozen

PARAMETER = re.compile(r"\{(\w+)\}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@frozen
class RawRequest:
    """A request as received. path: raw. headers: by lower-case name. id: from API Gateway, or empty."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    content: bytes
    id: str

    @property
    def target(self) -> str:
        """Return the path with the query."""
        pairs = [(name, value) for name, values in self.query.items() for value in values]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path
