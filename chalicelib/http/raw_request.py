"""A request as it comes off the wire, and how paths are written. Loads no pydantic: a cold start waits for this."""

import re
from collections.abc import Mapping

from chalicelib.kernel.frozen import frozen

PARAMETER = re.compile(r"\{(\w+)\}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@frozen
class RawRequest:
    """A request as it comes off the wire. path: raw. headers: by lower-case name. id: of the carrier, or empty."""

    method: str
    path: str
    query: Mapping[str, tuple[str, ...]]
    headers: Mapping[str, str]
    content: bytes
    id: str
