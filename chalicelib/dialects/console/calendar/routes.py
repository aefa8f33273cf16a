"""Rows of the calendar, and of the freezes and stops that are made on it."""

from chalicelib.dialects.console.calendar import words
from chalicelib.dialects.console.calendar.page import month_page
from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.dialects.console.frame.headers import FORM
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED, InProject
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.freezes.freezes import create_freeze, remove_freeze, resume_line, stop_line
from chalicelib.use_cases.ports.bundle import Ports

GROUP = Group(CONSOLE, "Calendar")


def _project_in_form(_: Ports, request: Request) -> str | None:
    # An empty name is no project: what is of the installation is for admins.
    return dict(request.form()).get("project") or None


OWNER = InProject(Level.OWNER, by=_project_in_form)

OPERATIONS = (
    GROUP.operation(
        "GET /calendar",
        "What `?month=2030-05` brings to the reader's projects, or `?project=`; freezes, and when each ends.",
        AUTHENTICATED,
        Handling(words.read_month, month_page, words.show_month),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
    GROUP.operation(
        "POST /calendar/freezes",
        "Freeze environments of a project, for its owners, or of the installation, for admins.",
        OWNER,
        Handling(words.read_freeze, create_freeze, words.show_back),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /calendar/freezes/{freeze}/lift",
        "Lift a freeze of a project, or of the installation.",
        OWNER,
        Handling(words.read_lift, remove_freeze, words.show_lifted),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /calendar/stops",
        "Stop the line of a project, or of the installation, for a while.",
        OWNER,
        Handling(words.read_stop, stop_line, words.show_back),
        schema=FORM,
    ),
    GROUP.operation(
        "POST /calendar/resumes",
        "Let the line of a project, or of the installation, go on: all its stops are lifted.",
        OWNER,
        Handling(words.read_resume, resume_line, words.show_back),
        schema=FORM,
    ),
)
