"""The row of the audit log's page."""

from chalicelib.dialects.console.audit import words
from chalicelib.dialects.console.audit.page import audit_page
from chalicelib.dialects.console.dialect import CONSOLE
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import InProject, project_in_query_or_removed
from chalicelib.http.reply import HTML_MEDIA
from chalicelib.kernel.access.role import Level

GROUP = Group(CONSOLE, "Audit")


OPERATIONS = (
    GROUP.operation(
        "GET /audit",
        "Who did what in `?project=`, for its owners, or, for admins, at all: newest first, people or `?machines=yes`.",
        InProject(Level.OWNER, by=project_in_query_or_removed),
        Handling(words.read_search, audit_page, words.show_entries),
        schema=Schema(answer=str, media=HTML_MEDIA),
    ),
)
