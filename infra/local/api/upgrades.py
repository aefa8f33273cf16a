"""A WebSocket at a path of the API: what a GET of that path answers, an address for one use, is opened in its place.

So an upgrade is refused and admitted as the GET is, by the same row. API Gateway cannot do this: its callers open the
address themselves.
"""

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from infra.local.api.gateway import Answer, Call

LIVE = "/live"
"""The path of the WebSocket API itself, where the addresses lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A WebSocket that may be opened. query: of the address for one use."""

    query: str


def is_direct(path: str) -> bool:
    """Whether a WebSocket is opened at the WebSocket API itself."""
    return path.rstrip("/") == LIVE


def as_get(call: Call) -> Call:
    """The upgrade as a GET: whether a cookie counts is decided by the row, as for every request."""
    kept = tuple(
        (name, value)
        for name, value in call.headers
        if name not in ("connection", "upgrade") and not name.startswith("sec-websocket-")
    )
    return replace(call, method="GET", headers=kept)


def opening_of(answer: Answer) -> Opening | None:
    """What the answer allows to be opened; nothing when it is a refusal, or speaks of something else."""
    if answer.status != 200:
        return None
    try:
        told = json.loads(answer.body)
    except ValueError:
        return None
    address = told.get("url") if isinstance(told, dict) else None
    return Opening(query=urlsplit(address).query) if isinstance(address, str) else None
