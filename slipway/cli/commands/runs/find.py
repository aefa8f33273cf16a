"""`slipway run list`: the runs of one project, or of all, by filters that the platform applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option
from slipway.cli.runs.kinds import KINDS
from slipway.cli.show import output
from slipway.cli.show.cells import Moment
from slipway.cli.web import open_page, page_of, web_option

if TYPE_CHECKING:
    from rich.console import RenderableType

ANY = "any"
ON_PAGE = ("project", "status", "release", "environment", "by", "waiting_for")
"""By what the console's page finds runs."""


@click.command("list")
@click.option("-p", "--project", help="Of this project alone.")
@click.option("--kind", type=click.Choice((*KINDS, ANY)), default="pipeline", show_default=True)
@click.option("--status", default="", metavar="STATUS", help="open, ended, waiting, or a phase such as failed.")
@click.option("--release", default="", help="That built or deployed it; NAMESPACE/APPLICATION for all its versions.")
@click.option("--environment", default="", help="Of it, or with a stage in it.")
@click.option("--by", "by", default="", metavar="NAME", help="Begun by them; me for your own.")
@click.option("--since", default="", metavar="INSTANT", help="Begun since then, such as 10m, 2d or 2030-05-01T12:00Z.")
@click.option("--waiting-for-me", "mine", is_flag=True, help="That wait for your word.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@web_option
@json_option
def list_(*, kind: str, since: str, mine: bool, limit: int, web: bool, **texts: str | None) -> None:
    """The runs of one project, or of all, newest first.

    Example: slipway run list --project shop --status failed --since 2d
    """
    from slipway.cli.runs.read import find_runs

    given = {**texts, "kind": "" if kind == ANY else kind, "since": _instant(since), "waiting_for": "me" * mine}
    if web:
        open_page(page_of("runs", {name: given[name] or "" for name in ON_PAGE}))
        return
    with output.the_client() as api:
        found = find_runs(api, {name: value for name, value in given.items() if value}, limit)
    none = "no runs" if kind == ANY else f"no runs of this kind ({kind}); of all kinds with --kind {ANY}"
    output.show(found, lambda: _table(found, none))


def _instant(since: str) -> str:
    from slipway.cli.show.times import now, parse_instant

    try:
        return parse_instant(since, now()).isoformat() if since else ""
    except ValueError as error:
        raise click.BadParameter(
            f"{since!r} is no instant, such as 2030-05-01T12:00:00Z", param_hint="--since"
        ) from error


def _table(shown: list[dict[str, Any]], none: str) -> RenderableType:
    from slipway.cli.runs.view import run_view
    from slipway.cli.show.tables import Heading, listing, phase_cell
    from slipway.cli.show.times import length, now

    at = now()
    rows = []
    for one in shown:
        run = run_view(one)
        began = Moment(run.created_at) if run.created_at else ""
        took = length((run.ended_at or at) - run.created_at) if run.created_at else ""
        reason = run.reason or _waits(one)
        rows.append((run.title, phase_cell(run.phase), began, took, run.started_by, reason, run.id))
    headings = ("run", "phase", "began", Heading(name="took", is_spare=True), "by", "reason")
    return listing((*headings, Heading(name="id", is_spare=True)), rows, none=none)


def _waits(one: dict[str, Any]) -> str:
    """What in an open run waits for people."""
    names = [f"{waits['stage']}/{waits['name']}" for waits in one.get("awaits") or ()]
    return f"waits at {', '.join(names)}" if names else ""
