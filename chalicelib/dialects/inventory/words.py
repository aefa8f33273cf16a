"""Read and answer pages of lists: `page_size`, `page_from`, and the header for the next page.

A position may hold any character that a tag may, so it is sent as URL-safe base64.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime

from chalicelib.http.reply import Reply, empty_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.pagination import WHOLE, Slice

LARGEST_PAGE = 1000
NEXT_PAGE = "X-Next-Page"


def read_slice(request: Request) -> Slice:
    """Read which slice of a list is requested: all of it without `page_size`. Faults: Invalid."""
    if not request.query.text("page_size"):
        return WHOLE
    size = request.query.whole("page_size", default=1, least=1, most=LARGEST_PAGE)
    return Slice(size=size, after=request.query.text("page_from") or "")


def read_opaque_slice(request: Request) -> Slice:
    """Read a slice of a list whose positions are base64-encoded. Faults: Invalid."""
    requested = read_slice(request)
    return Slice(size=requested.size, after=_decoded(requested.after))


def next_page(after: str | None) -> Mapping[str, str]:
    """Return the header with the position of the next page; none after the last."""
    return {} if after is None else {NEXT_PAGE: after}


def opaque_next_page(after: str | None) -> Mapping[str, str]:
    """Return the header for positions that `read_opaque_slice` reads."""
    return next_page(None if after is None else urlsafe_b64encode(after.encode()).decode().rstrip("="))


def _decoded(text: str) -> str:
    try:
        return urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}").decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid.single("page_from", "should be as X-Next-Page said") from error


def show_nothing(_: object) -> Reply:
    """Return an empty reply."""
    return empty_reply()


def shown_instant(at: datetime) -> str:
    """Return a timestamp as Go writes it, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
