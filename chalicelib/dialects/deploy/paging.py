"""Pages of lists: `limit` and `next_token` in the query, `next_token` in the answer where there are more."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced

LARGEST_PAGE = 500
NEXT = "next_token"

Item = TypeVar("Item")


def read_page(request: Request) -> Slice:
    """Read which page of a list is requested: all of it without `limit`. Faults: Invalid."""
    given = request.query.text(NEXT) or ""
    if not request.query.text("limit"):
        if given:
            raise Invalid.single("limit", f"should be given with {NEXT}")
        return WHOLE
    size = request.query.whole("limit", default=1, least=1, most=LARGEST_PAGE)
    try:
        after = urlsafe_b64decode(f"{given}{'=' * (-len(given) % 4)}").decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid.single(NEXT, "should be as the page before said") from error
    return Slice(size=size, after=after)


def next_page(found: Sliced[Item]) -> dict[str, Json]:
    """Return where the next page begins, for the answer; nothing after the last."""
    return {} if found.after is None else {NEXT: urlsafe_b64encode(found.after.encode()).decode().rstrip("=")}
