"""Rows of freezes and of stops of the line."""

from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.dialects.platform.freezes import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, InProject, project_in_query
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.freezes.calendar import get_calendar
from chalicelib.use_cases.freezes.freezes import (
    create_freeze,
    list_freezes,
    remove_freeze,
    resume_line,
    stop_line,
)

GROUP = Group(PLATFORM, "Freezes")
FREEZES, STOPS = "/api/v1/freezes", "/api/v1/stops"


OWNER = InProject(Level.OWNER, by=project_in_query)

OPERATIONS = (
    GROUP.operation(
        f"GET {FREEZES}",
        "The freezes and stops that are not over and concern projects of the caller's, or `?project=`.",
        AUTHENTICATED,
        Handling(words.read_list, list_freezes, words.show_freezes),
        schema=Schema(query=shapes.ProjectQuery, answer=shapes.FreezesShape),
    ),
    GROUP.operation(
        "GET /api/v1/calendar",
        "The 31 days from now on, or `?month=2030-05`, of one's projects or `?project=`: freezes, gates, promotions.",
        AUTHENTICATED,
        Handling(words.read_calendar, get_calendar, words.show_calendar),
        schema=Schema(query=shapes.CalendarQuery, answer=shapes.CalendarShape),
    ),
    GROUP.operation(
        f"POST {FREEZES}",
        "Freeze environments of `?project=`, for its owners; without it of the installation, for admins.",
        OWNER,
        Handling(words.read_freeze, create_freeze, words.show_freeze),
        schema=Schema(query=shapes.ProjectQuery, body=shapes.FreezeBody, answer=shapes.FreezeShape),
    ),
    GROUP.operation(
        f"DELETE {FREEZES}/{{freeze}}",
        "Lift a freeze of `?project=`, or without it of the installation; what it holds goes on.",
        OWNER,
        Handling(words.read_removed, remove_freeze, words.show_removed),
        schema=Schema(query=shapes.ProjectQuery, status=204),
    ),
    GROUP.operation(
        f"POST {STOPS}",
        "Stop the line of `?project=`, or of the installation: no step begins in an environment until its end.",
        OWNER,
        Handling(words.read_stop, stop_line, words.show_freeze),
        schema=Schema(query=shapes.ProjectQuery, body=shapes.StopBody, answer=shapes.FreezeShape),
    ),
    GROUP.operation(
        f"DELETE {STOPS}",
        "Lift all stops of `?project=`, or without it of the installation; what they hold goes on.",
        OWNER,
        Handling(words.read_resumed, resume_line, words.show_lifted),
        schema=Schema(query=shapes.ProjectQuery, answer=shapes.LiftedShape),
    ),
)
