"""`slipway insights`: the numbers of delivery of a project, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import click

from slipway.cli.input.options import arguments, json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns

BARS = "▁▂▃▄▅▆▇█"
NONE = " "
HOUR, DAY = 3600, 86_400


@click.command()
@arguments("project")
@click.option("--env", "environment", default="", help="Of this environment; of the project's last one if left out.")
@click.option("--app", "application", default="", metavar="NAMESPACE/APP", help="Of this application alone.")
@click.option("--weeks", type=click.IntRange(1, 104), default=12, show_default=True)
@json_option
def insights(*, project: str, environment: str, application: str, weeks: int) -> None:
    """How often PROJECT is deployed, how long a change takes, what share fails, and how soon that is restored.

    Each line is an application; each sign of a line of bars is a week, the last of which is this one.

    Example: slipway insights shop --weeks 26
    """
    named = {"environment": environment, "application": application}
    query = {"project": project, "weeks": str(weeks), **{name: value for name, value in named.items() if value}}
    with output.the_client() as api:
        found = api.get("/api/v1/insights", **query)
    output.show(found, lambda: TABLE.table(found["items"]))
    output.note(f"{found['environment'] or 'no environment'}, {weeks} weeks until that of {found['weeks'][-1]}")


def sparkline(values: Sequence[float | None]) -> str:
    """Return a bar for each value, by the greatest of them; a blank for none."""
    top = max((value for value in values if value is not None), default=0)
    return "".join(NONE if value is None else _bar(value, top) for value in values)


def _bar(value: float, top: float) -> str:
    return BARS[round(value / top * (len(BARS) - 1))] if top else BARS[0]


def _deployments(row: Mapping[str, Any]) -> str:
    counts = [week["deployments"] for week in row["weeks"]]
    return f"{sum(counts)} {sparkline(counts)}"


def _failed(row: Mapping[str, Any]) -> str:
    attempts = sum(week["attempts"] for week in row["weeks"])
    share = 100 * sum(week["failed"] for week in row["weeks"]) / attempts if attempts else 0
    return f"{share:.0f} % {sparkline([week['failed_share'] for week in row['weeks']])}"


def _length(row: Mapping[str, Any], field: str) -> str:
    values = [week[field] for week in row["weeks"]]
    known = [value for value in values if value is not None]
    return f"{_said(median(known))} {sparkline(values)}" if known else ""


def _said(seconds: float) -> str:
    if seconds < HOUR:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / HOUR:.1f} h" if seconds < DAY else f"{seconds / DAY:.1f} d"


TABLE = Columns(
    (
        Column("application"),
        Column("deployments", _deployments),
        Column("lead time", lambda row: _length(row, "lead_seconds")),
        Column("failed", _failed),
        Column("restored in", lambda row: _length(row, "restore_seconds")),
    ),
    none="nothing was deployed",
)
