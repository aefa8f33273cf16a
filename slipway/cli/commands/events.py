"""`slipway events`: what occurs, as CloudEvents, in one order."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option, limit_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when
from slipway.cli.show.plain_text import plain

if TYPE_CHECKING:
    from slipway.client import Client

EVENTS = "/api/v1/events"
WAIT = 20
LEAST_PAUSE = 2.0
"""Seconds from one request to the next where the platform cannot let a request wait: on Lambda."""


@click.command()
@click.option("-p", "--project", default="", help="Of this project alone.")
@click.option("--kind", multiple=True, metavar="KIND", help="run, gate, deployment, release, or a type: run.ended.")
@click.option("--after", default="", metavar="CURSOR", help="After this cursor; end for what comes from now on.")
@click.option("-f", "--follow", is_flag=True, help="Go on; one JSON document for each event with --json.")
@limit_option
@json_option
def events(*, project: str, kind: tuple[str, ...], after: str, follow: bool, limit: int) -> None:
    """What occurred to runs, gates, deployments and releases, oldest first; kept for 7 days.

    The cursor that it ends with goes on from there, and misses nothing.

    Example: slipway events --project shop --kind run.ended --follow
    """
    query = {name: text for name, text in (("project", project), ("kind", ",".join(kind))) if text}
    with output.the_client() as api:
        if follow:
            _follow(api, query, after)
        else:
            found, cursor = _page(api, query, after, limit)
            output.show({"items": found, "next": cursor}, lambda: TABLE.table(found))
            output.note(f"cursor {cursor}")


def _page(api: Client, query: Mapping[str, str], after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
    """So many events, and where to go on. Faults: ApiError."""
    found: list[dict[str, Any]] = []
    while True:
        page = api.get(EVENTS, **query, limit=str(min(limit - len(found), 1000)), **({"after": after} if after else {}))
        found += page["items"]
        if page["next"] == after or len(found) >= limit:
            return found, page["next"]
        after = page["next"]


def _follow(api: Client, query: Mapping[str, str], after: str) -> None:
    """Print events as they come, until somebody ends it."""
    for event in _coming(api, query, after):
        if output.wants_json():
            output.print_json(event, indent=None)
        else:
            click.echo(plain(_line(event)))


def _coming(api: Client, query: Mapping[str, str], after: str) -> Iterator[dict[str, Any]]:
    while True:
        began = time.monotonic()
        page = api.get(EVENTS, **query, wait=str(WAIT), **({"after": after} if after else {}))
        yield from page["items"]
        if page["next"] == after and not page["items"]:
            time.sleep(max(0.0, LEAST_PAUSE - (time.monotonic() - began)))
        after = page["next"]


def _line(event: Mapping[str, Any]) -> str:
    said = (event["time"], event["project"], _what(event), _of(event), event["data"].get("phase"), _by(event))
    return "  ".join(str(one) for one in said if one)


def _what(event: Mapping[str, Any]) -> str:
    return str(event["type"]).removeprefix("slipway.")


def _of(event: Mapping[str, Any]) -> str:
    """What it happened to, as people know it."""
    data = event["data"]
    if "gate" in data:
        return f"{data['name']} {data['stage']}/{data['gate']}"
    if "deployment" in data:
        return f"{data['environment']}/{data['deployment']} {data['version']}"
    return f"{data['name']}#{data['number']}" if "number" in data else str(event["subject"])


def _by(event: Mapping[str, Any]) -> str:
    return str(event["data"].get("by") or event["data"].get("started_by") or "")


TABLE = Columns(
    (
        Column("at", "time", when),
        Column("project"),
        Column("what", _what),
        Column("of", _of),
        Column("phase", "data.phase"),
        Column("by", _by, is_spare=True),
    ),
    none="nothing occurred",
)
