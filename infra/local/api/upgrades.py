"""Allow WebSocket upgrades at API paths: the path is answered as a GET, and the one-time address it returns is opened.

So an upgrade is admitted or refused by the same row as the GET. API Gateway cannot do this: its clients open the
address themselves.
"""

import json
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from infra.local.api.gateway import Answer, Call

LIVE = "/live"
"""Path of the WebSocket API itself, where the addresses lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A WebSocket that may be opened. query: of the one-time address."""

    query: str


def is_direct(path: str) -> bool:
    """True when the path is the WebSocket API itself."""
    return path.rstrip("/") == LIVE


def as_get(call: Call) -> Call:
    """Convert the upgrade to a GET. Browsers let any site open a WebSocket with the user's cookies: drop those of other
    sites.

    The browser names the site only in `Origin`.
    """
    kept = tuple(
        (name, value)
        for name, value in call.headers
        if name not in ("connection", "upgrade") and not name.startswith("sec-websocket-")
    )
    return replace(call, method="GET", headers=kept)


def opening_of(answer: Answer) -> Opening | None:
    """Return what the answer allows to open, or None."""
    if answer.status != 200:
        return None
    try:
        content = json.loads(answer.body)
    except ValueError:
        return None
    address = content.get("url") if isinstance(content, dict) else None
    return Opening(query=urlsplit(address).query) if isinstance(address, str) else None
