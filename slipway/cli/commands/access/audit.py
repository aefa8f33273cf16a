"""`slipway audit`: who did what when, and the proof that nobody changed it since."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.instant_type import INSTANT
from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when
from slipway.cli.web import open_page, page_of, web_option

if TYPE_CHECKING:
    from rich.console import RenderableType


TABLE = Columns(
    (Column("at", show=when), Column("by"), Column("act"), Column("subject"), Column("project"), Column("notes")),
    none="nothing of that was done",
)
FIELDS = ("at", "by", "act", "subject", "project", "notes")
SHOWN, MOST = 50, 10_000_000
"""Entries without a limit: of a table, and of a file."""


@click.group(invoke_without_command=True)
@click.option("-p", "--project", default="", help="In this project; without it, the whole log, for admins.")
@click.option("--by", default="", help="Done by this person or machine; `me` for yourself.")
@click.option("--act", default="", help="What was done, such as `approved` or `began-run`.")
@click.option("--subject", default="", help="A part of the name of what it was done to.")
@click.option("--since", type=INSTANT, help="From then on: an instant, or how long ago, such as `2h`.")
@click.option("--until", type=INSTANT, help="Before then.")
@click.option("--machines", is_flag=True, help="What machines did, in place of people.")
@click.option("--limit", type=click.IntRange(1, MOST), help=f"So many of the newest: {SHOWN}, or all with --csv.")
@click.option("--csv", "as_csv", is_flag=True, help="As comma-separated values, with a line of headings.")
@web_option
@json_option
@click.pass_context
def audit(
    ctx: click.Context,
    /,
    *,
    machines: bool,
    limit: int | None,
    as_csv: bool,
    web: bool,
    **sought: str | datetime | None,
) -> None:
    """Who did what when, newest first.

    Example: slipway audit --project shop --limit 50
    """
    from slipway.cli.places.pages import items

    if ctx.invoked_subcommand is not None:
        return
    texts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in sought.items()}
    query = {name: text for name, text in texts.items() if text} | ({"machines": "true"} if machines else {})
    if web:
        open_page(page_of("audit", {**query, "machines": "yes" if machines else ""}))
        return
    with output.the_client() as api:
        most = limit or (MOST if as_csv else SHOWN)
        found = items(api, "/api/v1/audit", query, most, sparse=True)
        if as_csv:
            _write_csv(found)
            return
        entries = list(found)
    output.show(entries, lambda: TABLE.table(entries))


def _write_csv(entries: Iterable[Mapping[str, Any]]) -> None:
    """Write entries as they come: they may be many. Source: RFC 4180."""
    written = csv.writer(sys.stdout)
    written.writerow((*FIELDS, "details"))
    for entry in entries:
        details = " ".join(f"{name}={value}" for name, value in entry["details"].items())
        written.writerow([_harmless(str(value)) for value in (*(entry[name] for name in FIELDS), details)])


def _harmless(value: str) -> str:
    # A spreadsheet would take it for a formula. Source: OWASP, CSV injection.
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


@audit.command()
@json_option
def verify() -> ExitCode:
    """Walk the whole chain of seals; exit 1 and name the first place where the log is not what was sealed.

    Example: slipway audit verify
    """
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
