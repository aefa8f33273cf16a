"""Rows of the audit log."""

from chalicelib.dialects.platform.audit import shapes, words
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import ADMIN, InProject, project_in_query_or_removed
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.audit.read import find_entries
from chalicelib.use_cases.audit.seal import verify_audit

GROUP = Group(PLATFORM, "Audit")


OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/audit",
        "Who did what in `?project=` or, for admins without it, at all, newest first: what people did, or machines.",
        InProject(Level.OWNER, by=project_in_query_or_removed),
        Handling(words.read_find, find_entries, words.show_entries),
        schema=Schema(query=shapes.EntriesQuery, answer=shapes.EntriesShape),
    ),
    GROUP.operation(
        "GET /api/v1/audit/verify",
        "Walk the chain on from the seal `?number=` with `?digest=`; name the first break.",
        ADMIN,
        Handling(words.read_verify, verify_audit, words.show_verified),
        schema=Schema(query=shapes.SealsQuery, answer=shapes.VerifiedShape),
    ),
)
