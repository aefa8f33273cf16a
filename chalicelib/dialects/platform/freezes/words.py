"""Read freezes and stops of the line, and show them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.dialects.platform.freezes import shapes
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.freezes import Interval, Passers
from chalicelib.kernel.plans.work import Window
from chalicelib.use_cases.freezes.calendar import Calendar, CalendarQuery, month_ahead, month_of
from chalicelib.use_cases.freezes.freezes import (
    CreateFreeze,
    FreezesQuery,
    FreezeView,
    RemoveFreeze,
    ResumeLine,
    StopLine,
)


def read_list(request: Request) -> FreezesQuery:
    """Read whose freezes are requested."""
    return FreezesQuery(by=request.asker, project=request.query.text("project") or "")


def read_freeze(request: Request) -> CreateFreeze:
    """Read a freeze. Faults: Invalid."""
    body = request.body(shapes.FreezeBody)
    given = body.may_pass
    return CreateFreeze(
        origin=request.origin,
        during=_during(body, request.origin.at),
        reason=body.reason,
        project=request.query.text("project") or "",
        environment=body.environment,
        passers=Passers(users=tuple(given.users), teams=tuple(given.teams), reasons=tuple(given.reasons)),
    )


def _during(body: shapes.FreezeBody, now: datetime) -> Interval | Window:
    is_window = bool(body.opens or body.closes)
    if is_window == (body.ends is not None) or (is_window and body.begins is not None):
        raise Invalid.single("ends", "either ends, with begins or without, or opens and closes are needed")
    if body.ends is not None:
        return Interval(begins=body.begins or now, ends=body.ends)
    return Window(opens=body.opens, closes=body.closes, timezone=body.timezone)


def read_stop(request: Request) -> StopLine:
    """Read a stop of the line. Faults: Invalid."""
    body = request.body(shapes.StopBody)
    return StopLine(
        origin=request.origin,
        length=timedelta(seconds=min(max(body.seconds, 0), 10**9)),
        reason=body.reason,
        project=request.query.text("project") or "",
        environment=body.environment,
    )


def read_removed(request: Request) -> RemoveFreeze:
    """Read which freeze is lifted."""
    project = request.query.text("project") or ""
    return RemoveFreeze(origin=request.origin, id=request.parameters["freeze"], project=project)


def read_resumed(request: Request) -> ResumeLine:
    """Read whose stops are lifted."""
    return ResumeLine(origin=request.origin, project=request.query.text("project") or "")


def show_freeze(view: FreezeView) -> Reply:
    """Show a freeze."""
    return json_reply(shown_freeze(view))


def show_freezes(views: Sequence[FreezeView]) -> Reply:
    """Show freezes."""
    return json_reply({"items": [shown_freeze(one) for one in views]})


def show_removed(_: None) -> Reply:
    """Show that a freeze is lifted."""
    return empty_reply(204)


def show_lifted(lifted: Sequence[str]) -> Reply:
    """Show which stops were lifted."""
    return json_reply({"lifted": list(lifted)})


def shown_freeze(view: FreezeView) -> Json:
    """Return a freeze as JSON."""
    freeze, during = view.freeze, view.freeze.during
    window, interval = (during, None) if isinstance(during, Window) else (None, during)
    return {
        "id": freeze.id,
        "project": freeze.project,
        "environment": freeze.environment,
        "stop": freeze.is_stop,
        "begins": interval.begins.isoformat() if interval is not None else None,
        "ends": interval.ends.isoformat() if interval is not None else None,
        "opens": window.opens if window is not None else "",
        "closes": window.closes if window is not None else "",
        "timezone": window.timezone if window is not None else "UTC",
        "reason": freeze.reason,
        "by": freeze.by,
        "at": freeze.at.isoformat(),
        "may_pass": {
            "users": list(freeze.passers.users),
            "teams": list(freeze.passers.teams),
            "reasons": list(freeze.passers.reasons),
        },
        "holds_until": view.holds_until.isoformat() if view.holds_until is not None else None,
        "next": view.next.isoformat() if view.next is not None else None,
    }


def read_calendar(request: Request) -> CalendarQuery:
    """Read which month is requested, by default the 31 days from now on, of which project. Faults: Invalid."""
    month, now = request.query.text("month"), request.origin.at
    within = month_of(month, now) if month else month_ahead(now)
    return CalendarQuery(by=request.asker, within=within, project=request.query.text("project") or "")


def show_calendar(calendar: Calendar) -> Reply:
    """Show what a time brings."""
    items: list[Json] = [
        {
            "kind": one.kind.value,
            "begins": one.begins.isoformat(),
            "ends": one.ends.isoformat() if one.ends is not None else None,
            "title": one.title,
            "project": one.project,
            "environment": one.environment,
            "id": one.id,
        }
        for one in calendar.entries
    ]
    return json_reply(
        {
            "begins": calendar.within.begins.isoformat(),
            "ends": calendar.within.ends.isoformat(),
            "items": items,
            "openings": {environment: at.isoformat() for environment, at in calendar.openings},
        }
    )
