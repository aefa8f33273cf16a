"""How slices of lists are asked for and answered: `page_size`, `page_from`, and where the next one begins.

A place may hold anything that a tag may; so it travels as letters and digits.
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
    """Which slice is asked for: the whole, unless a size is said. Faults: Invalid."""
    if not request.query.text("page_size"):
        return WHOLE
    size = request.query.whole("page_size", default=1, least=1, most=LARGEST_PAGE)
    return Slice(size=size, after=request.query.text("page_from") or "")


def read_opaque_slice(request: Request) -> Slice:
    """As read_slice, of a list in which a place is no word for a header or an address. Faults: Invalid."""
    asked = read_slice(request)
    return Slice(size=asked.size, after=_opened(asked.after))


def next_page(after: str | None) -> Mapping[str, str]:
    """The header that says where the next slice begins."""
    return {} if after is None else {NEXT_PAGE: after}


def opaque_next_page(after: str | None) -> Mapping[str, str]:
    """As next_page, for what read_opaque_slice reads."""
    return next_page(None if after is None else urlsafe_b64encode(after.encode()).decode().rstrip("="))


def _opened(text: str) -> str:
    try:
        return urlsafe_b64decode(f"{text}{'=' * (-len(text) % 4)}").decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid.single("page_from", "should be as X-Next-Page said") from error


def show_nothing(_: object) -> Reply:
    """That it was done."""
    return empty_reply()


def shown_instant(at: datetime) -> str:
    """An instant as Go writes it, in whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
