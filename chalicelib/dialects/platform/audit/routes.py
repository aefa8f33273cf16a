"""Rows about the audit log."""

from chalicelib.dialects.platform.audit import shapes, words
from chalicelib.dialects.platform.dialect import PLATFORM
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import ADMIN, InProject
from chalicelib.http.request import Request
from chalicelib.kernel.access.role import Level
from chalicelib.use_cases.audit.read import list_audit
from chalicelib.use_cases.audit.seal import verify_audit
from chalicelib.use_cases.ports.bundle import Ports

GROUP = "Audit"


def _project_asked(_: Ports, request: Request) -> str | None:
    return request.query.text("project")


OPERATIONS = (
    operation(
        PLATFORM,
        "GET /api/v1/audit",
        read=words.read_list,
        verb=list_audit,
        show=words.show_entries,
        permission=InProject(Level.OWNER, by=_project_asked),
        about=About(
            group=GROUP,
            summary="What was done in `?project=` or, to admins without it, to the installation, newest first.",
            answer=shapes.EntriesShape,
        ),
    ),
    operation(
        PLATFORM,
        "GET /api/v1/audit/verify",
        read=words.read_verify,
        verb=verify_audit,
        show=words.show_verified,
        permission=ADMIN,
        about=About(
            group=GROUP,
            summary="Walk the chain on from the seal `?number=` with `?digest=`; name the first break.",
            answer=shapes.VerifiedShape,
        ),
    ),
)
