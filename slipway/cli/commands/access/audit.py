"""`slipway audit`: who did what when, and the proof that nobody changed it since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when

if TYPE_CHECKING:
    from rich.console import RenderableType


TABLE = Columns(
    (Column("at", show=when), Column("by"), Column("act"), Column("subject"), Column("project"), Column("notes")),
    none="nothing was done yet",
)


@click.group(invoke_without_command=True)
@click.option("-p", "--project", default="", help="Of this project; without it, of the installation, for admins.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@click.pass_context
def audit(ctx: click.Context, *, project: str, limit: int) -> None:
    """Who did what when, newest first."""
    from slipway.cli.places.pages import items

    if ctx.invoked_subcommand is not None:
        return
    with output.the_client() as api:
        found = list(items(api, "/api/v1/audit", {"project": project} if project else {}, limit))
    output.show(found, lambda: TABLE.table(found))


@audit.command()
@json_option
def verify() -> ExitCode:
    """Walk the whole chain of seals; exit 1 and name the first place where the log is not what was sealed."""
    seals = entries = 0
    place: dict[str, str] = {}
    with output.the_client() as api:
        while True:
            page = api.get("/api/v1/audit/verify", **place)
            seals, entries = seals + page["seals"], entries + page["entries"]
            reached = page["reached"]
            if page["broken"] is not None or page["is_end"]:
                break
            place = {"number": str(reached["number"]), "digest": str(reached["digest"])}
    verdict = {"seals": seals, "entries": entries, "reached": reached, "broken": page["broken"]}
    output.show(verdict, lambda: _verdict(verdict))
    return ExitCode.FAILED if page["broken"] is not None else ExitCode.OK


def _verdict(verdict: dict[str, Any]) -> RenderableType:
    from rich.text import Text

    from slipway.cli.show.plain_text import plain

    broken = verdict["broken"]
    if broken is None:
        return Text(f"whole: {verdict['entries']} entries under {verdict['seals']} seals", "green")
    place = f"seal {broken['seal']}" + (f", entry {broken['entry']}" if broken["entry"] else "")
    return Text(f"broken at {place}: {plain(str(broken['message']))}", "bold red")
