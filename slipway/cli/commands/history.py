"""`slipway history`: what was done to a deployment, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.options import json_option

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.command()
@click.argument("project")
@click.argument("environment")
@click.argument("deployment")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@json_option
def history(project: str, environment: str, deployment: str, limit: int) -> None:
    """What was done to DEPLOYMENT in ENVIRONMENT of PROJECT, newest first; any version can be deployed again."""
    from slipway.cli.paths import job_path

    with desk.the_client() as api:
        found = api.get(f"{job_path(project, environment, deployment)}executions/", page_size=str(limit))
    desk.show(found, lambda: _table(found))


def _table(found: list[Mapping[str, Any]]) -> RenderableType:
    from slipway.cli.tables import listing
    from slipway.cli.times import now, since

    at = now()
    rows = [
        (
            f"#{one['run_nr']}",
            str(one.get("action", "")),
            str(one.get("version", "")),
            _status(str(one["status"])),
            since(one.get("started_at"), at),
            str(one.get("started_by", "")),
            str(one.get("reason", "")),
            str(one["id"]),
        )
        for one in found
    ]
    headings = ("run", "action", "version", "status", "began", "by", "reason", "id")
    return listing(headings, rows, none="nothing was done yet")


def _status(status: str) -> Any:  # noqa: ANN401 - loaded when used
    from rich.text import Text

    return Text(status, {"ok": "green", "failed": "bold red", "running": "blue"}.get(status, ""))
