"""Read who is looked at, and show it. What forms change: acts.py."""

from chalicelib.dialects.console.access.page import (
    LETS,
    AccessPage,
    AccessQuery,
    PersonPage,
    PersonQuery,
    WhyPage,
    WhyQuery,
)
from chalicelib.dialects.console.frame.headers import page_reply
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import GRANTABLE, Level
from chalicelib.kernel.faults import Invalid


def read_access(request: Request) -> AccessQuery:
    """Read which part of the lists is looked at. Faults: Invalid."""
    query = request.query
    return AccessQuery(
        frame=read_frame(request),
        by=request.asker,
        now=request.now,
        people_from=query.text("people_from") or "",
        groups_from=query.text("groups_from") or "",
        project=query.text("project") or "",
    )


def show_access(page: AccessPage) -> Reply:
    """Show who may."""
    return page_reply(render("access/access.html", page.asked.frame, page=page, lets=LETS, now=page.asked.now))


def read_person(request: Request) -> PersonQuery:
    """Read which person is looked at."""
    return PersonQuery(frame=read_frame(request), origin=request.origin, name=request.parameters["name"])


def show_person(page: PersonPage) -> Reply:
    """Show a person."""
    return page_reply(render("access/person.html", page.asked.frame, page=page, now=page.asked.origin.at))


def read_why(request: Request) -> WhyQuery:
    """Read about whom it is asked why they may do something, and where. Faults: Invalid."""
    query = request.query
    level = query.text("level") or Level.READ
    if level not in GRANTABLE:
        raise Invalid.single("level", f"should be one of {', '.join(GRANTABLE)}")
    return WhyQuery(
        frame=read_frame(request),
        by=request.asker,
        user=query.text("user") or "",
        project=query.text("project") or "",
        level=Level(level),
    )


def show_why(page: WhyPage) -> Reply:
    """Show why."""
    return page_reply(render("access/why.html", page.asked.frame, page=page, lets=LETS))
