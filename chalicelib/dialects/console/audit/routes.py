"""The row of the audit log's page."""

from chalicelib.dialects.console.audit import words
from chalicelib.dialects.console.audit.page import audit_page
from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.ports.bundle import Ports

GROUP = Group(CONSOLE, "Audit")


def _project_in_query(_: Ports, request: Request) -> str | None:
    # An empty name is no project: the whole log is for admins.
    return request.query.text("project") or None


OPERATIONS = (
    GROUP.operation(
        "GET /audit",
        "Who did what in `?project=`, for its owners, or, for admins, at all: newest first, people or `?machines=yes`.",
        InProject(Level.OWNER, by=_project_in_query),
        Handling(words.read_search, audit_page, words.show_entries),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
