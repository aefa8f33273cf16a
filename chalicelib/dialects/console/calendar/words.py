"""Read which month is looked at, and what is frozen, stopped or lifted by the forms of its page."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.dialects.console.calendar.page import Month, MonthPage
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.instants import read_instant
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.freezes import Interval, Passers
from chalicelib.kernel.plans.work import Window
from chalicelib.use_cases.freezes.calendar import month_of
from chalicelib.use_cases.freezes.freezes import CreateFreeze, FreezeView, RemoveFreeze, ResumeLine, StopLine


def read_month(request: Request) -> Month:
    """Read which month is asked for, of which project. Faults: Invalid."""
    return Month(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        within=month_of(request.query.text("month") or "", request.now),
        project=request.query.text("project") or "",
    )


def show_month(page: MonthPage) -> Reply:
    """Show the page."""
    return page_reply(render("calendar/calendar.html", page.asked.frame, page=page, now=page.asked.now))


def read_freeze(request: Request) -> CreateFreeze:
    """Read a freeze: once, or as often as its crons say. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    return CreateFreeze(
        origin=request.origin,
        during=_during(form, request.now),
        reason=form.get("reason", ""),
        project=form.get("project", ""),
        environment=form.get("environment", "").strip(),
        passers=Passers(users=_names(form.get("users", "")), teams=_names(form.get("teams", ""))),
    )


def _during(form: dict[str, str], now: datetime) -> Interval | Window:
    opens, closes = form.get("opens", "").strip(), form.get("closes", "").strip()
    if (opens or closes) and not form.get("ends"):
        return Window(opens=opens, closes=closes, timezone=form.get("timezone", "").strip() or "UTC")
    if opens or closes or not form.get("ends"):
        raise Invalid.single("ends", "either an end, or the crons of a freeze that comes again, are needed")
    begins = read_instant(form["begins"], "begins") if form.get("begins") else now
    return Interval(begins=begins, ends=read_instant(form["ends"], "ends"))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := part.strip()))


def read_stop(request: Request) -> StopLine:
    """Read a stop of the line. Faults: Invalid, TooLarge."""
    form = dict(request.form())
    minutes = form.get("minutes", "")
    if not (minutes.isascii() and minutes.isdigit() and len(minutes) < 7):
        raise Invalid.single("minutes", "should be a whole number")
    return StopLine(
        origin=request.origin,
        length=timedelta(minutes=int(minutes)),
        reason=form.get("reason", ""),
        project=form.get("project", ""),
        environment=form.get("environment", "").strip(),
    )


def read_lift(request: Request) -> RemoveFreeze:
    """Read which freeze is lifted. Faults: Invalid, TooLarge."""
    project = dict(request.form()).get("project", "")
    return RemoveFreeze(origin=request.origin, id=request.parameters["freeze"], project=project)


def read_resume(request: Request) -> ResumeLine:
    """Read whose line goes on. Faults: Invalid, TooLarge."""
    return ResumeLine(origin=request.origin, project=dict(request.form()).get("project", ""))


def show_back(_: FreezeView | Sequence[str]) -> Reply:
    """Go back to the calendar, which shows what is so now."""
    return leave_for("../calendar")


def show_lifted(_: None) -> Reply:
    """Go back from where a freeze was."""
    return leave_for("../../../calendar")
