"""Tell cheaply that what somebody sees is still so: by what occurred since, and by the versions of the runs in it.

What is not told is looked at in full: all of it from time to time, and what has just changed for some seconds more, as
lists of runs lag behind what occurs.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.feed.read_events import EventsQuery, read_events
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

SETTLES = timedelta(seconds=3)
"""For so long after a change lists may not show it yet."""

LOOKED_AT_AGAIN = timedelta(seconds=30)
"""After so long all of it is looked at, for what no event tells: a project that was made, a right that was given."""


@frozen
class LiveView:
    """What somebody saw. after: number of the feed up to which it was heard. runs: versions of those that may move.

    looked_at: when all of it was read. changed_at: when something of it was found changed.
    """

    after: int
    runs: Mapping[str, int]
    looked_at: datetime
    changed_at: datetime


@frozen
class StillSo:
    """Query: whether what somebody saw is still so. project: outside of which nothing matters; empty for none."""

    by: Principal
    now: datetime
    seen: LiveView
    project: str = ""


def still_so(ports: Ports, query: StillSo) -> LiveView | None:
    """Return what is seen, heard further, if it is still so; None if that is not known but by looking."""
    seen, now = query.seen, query.now
    if now - seen.looked_at >= LOOKED_AT_AGAIN or seen.looked_at - seen.changed_at < SETTLES:
        return None
    try:
        heard = read_events(ports, EventsQuery(by=query.by, after=seen.after, project=query.project))
    except NotFound:
        return None
    if heard.events or versions_of(ports, query.by, seen.runs) != seen.runs:
        return None
    return replace(seen, after=heard.after)


def versions_of(ports: Ports, by: Principal, runs: Mapping[str, int] | tuple[str, ...]) -> Mapping[str, int]:
    """Return the versions of those of these runs that are there and may be read: by one read."""
    if not runs:
        return {}
    found = ports.runs.find_runs(tuple(runs))
    plans = {plan.id: plan.definition.project for plan in ports.runs.find_plans([one.plan for one in found])}
    return {one.id: one.version for one in found if may(by, Level.READ, plans.get(one.plan, ""))}
