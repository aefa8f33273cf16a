"""The row of events."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.events import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.feed.read_events import read_events

GROUP = Group(PLATFORM, "Events")

OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/events",
        "Changes of runs, gates, deployments and releases as CloudEvents, in one order: `after` (a `next`, or `end`), "
        "`project`, `kind` (may be repeated), `limit`, `wait` (seconds); kept for 7 days.",
        AUTHENTICATED,
        Handling(words.read_events, read_events, words.show_events),
        schema=Schema(query=shapes.EventsQuery, answer=shapes.EventsShape),
    ),
)
