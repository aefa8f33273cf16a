"""Read lists that the API pages as `{"items", "next"}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slipway.client import Client

LARGEST = 200


def items(
    api: Client, path: str, query: Mapping[str, str], limit: int = 10_000, *, sparse: bool = False
) -> Iterator[dict[str, Any]]:
    """The items of the list, at most `limit`. sparse: a page may hold fewer than there are. Faults: ApiError."""
    after, size = "", min(limit, LARGEST)
    while limit > 0:
        place = {"page_from": after} if after else {}
        page = api.get(path, **query, **place, page_size=str(size))
        yield from page["items"][:limit]
        limit -= len(page["items"])
        after = str(page.get("next") or "")
        if not after or (len(page["items"]) < size and not sparse):
            return
