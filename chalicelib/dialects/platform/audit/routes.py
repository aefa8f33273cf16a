"""Rows of the audit log."""

from chalicelib.dialects.platform.audit import shapes, words
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import ADMIN, InProject
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.audit.read import find_entries
from chalicelib.use_cases.audit.seal import verify_audit
from chalicelib.use_cases.ports.bundle import Ports

GROUP = Group(PLATFORM, "Audit")


def _project_in_query(_: Ports, request: Request) -> str | None:
    # An empty name is no project: it would mean all to a token that is good for every project.
    return request.query.text("project") or None


OPERATIONS = (
    GROUP.operation(
        "GET /api/v1/audit",
        "Who did what in `?project=` or, for admins without it, at all, newest first: what people did, or machines.",
        InProject(Level.OWNER, by=_project_in_query),
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
