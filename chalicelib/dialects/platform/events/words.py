"""Read which events are wanted, and show them."""

from typing import cast

from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.feed.cloud_event import cloud_event
from chalicelib.use_cases.feed.read_events import LONGEST_WAIT, EventsQuery, EventsView

END = "end"


def read_events(request: Request) -> EventsQuery:
    """Read which events are wanted. Faults: Invalid."""
    query = request.query
    return EventsQuery(
        by=request.asker,
        after=_after(query.text("after") or ""),
        project=query.text("project") or "",
        kinds=frozenset(one for text in query.every("kind") for one in text.split(",") if one),
        limit=query.whole("limit", default=100, least=1, most=1000),
        wait=query.whole("wait", default=0, least=0, most=int(LONGEST_WAIT)),
    )


def _after(text: str) -> int | None:
    if text == END:
        return None
    if text and not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise Invalid.single("after", f"should be the `next` of an earlier answer, or {END}")
    return int(text or 0)


def show_events(view: EventsView) -> Reply:
    """Show events."""
    items = [cast("Json", cloud_event(place, one, view.installation)) for place, one in view.events]
    return json_reply({"items": items, "next": str(view.after)})
