"""`slipway why-may`: what a person may do in a project, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import arguments, json_option
from slipway.cli.show import output
from slipway.cli.web import open_page, page_of, web_option
from slipway.client import segment

if TYPE_CHECKING:
    from collections.abc import Iterator

DOES = {
    "read": "may read",
    "write": "may read, run and change",
    "owner": "may do everything, also let others in",
}


@click.command("why-may")
@arguments("user", "project")
@web_option
@json_option
def why_may(*, user: str, project: str, web: bool) -> None:
    """What USER may do in PROJECT, by which role and through which group. For owners of the project.

    Example: slipway why-may ann shop
    """
    if web:
        open_page(page_of("access/why", {"user": user, "project": project}))
        return
    with output.the_client() as api:
        found = api.get(f"/api/v1/projects/{segment(project)}/access/{segment(user)}")
    output.show(found, lambda: "\n".join(_lines(found)))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    title = f"{found['user']} in {found['project']}"
    yield f"{title}: {DOES.get(str(found['level']), 'may do nothing')}"
    if found["disabled"]:
        yield "  but is disabled, and may do nothing at present"
    for one in found["reasons"]:
        yield f"  {one['role']}, {_through(one['group'])}"
    if found["teams"]:
        yield f"  teams for gates: {', '.join(found['teams'])}"
    if found["level"] is None:
        yield f"  to let them in: slipway user edit {found['user']} --role project:{found['project']}:global:read"


def _through(group: str) -> str:
    return f"through group {group}" if group else "a role of their own"
