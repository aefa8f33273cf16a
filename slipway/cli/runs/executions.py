"""Runs of a build, a deployment job or a pipeline as the State Service lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.options import Command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from slipway.client import Client

LARGEST = 200
STYLES = {"ok": "green", "failed": "bold red", "running": "blue"}


def limit_option(command: Command) -> Command:
    """The command shows so many at most."""
    return click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)(command)


def executions(api: Client, path: str, limit: int) -> list[dict[str, Any]]:
    """The runs under a path, newest first, up to so many; page after page. Faults: ApiError."""
    return list(islice(_all(api, f"{path}executions/", min(limit, LARGEST)), limit))


def table(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Runs in a table."""
    from slipway.cli.tables import listing
    from slipway.cli.times import now, since

    at = now()
    rows = [
        (
            f"#{one['run_nr']}",
            _what(one),
            str(one.get("version") or one.get("release_id") or ""),
            _status(str(one["status"])),
            since(one.get("started_at"), at),
            _took(one),
            str(one.get("started_by", "")),
            str(one.get("reason", "")),
            str(one["id"]),
        )
        for one in found
    ]
    headings = ("run", "what", "release", "status", "began", "took", "by", "reason", "id")
    return listing(headings, rows, none="nothing was done yet")


def _all(api: Client, path: str, size: int) -> Iterator[dict[str, Any]]:
    after: dict[str, str] = {}
    while True:
        page = api.get(path, page_size=str(size), **after)
        yield from page
        if len(page) < size:
            return
        after = {"page_from": str(page[-1]["id"])}


def _what(one: Mapping[str, Any]) -> str:
    """The action of a deployment job's run, the branch and commit of a build's."""
    commit = one.get("commit") or {}
    revision = str(commit.get("revision") or "")[:10]
    return str(one.get("action") or " ".join(word for word in (str(commit.get("branch") or ""), revision) if word))


def _took(one: Mapping[str, Any]) -> str:
    from slipway.cli.times import instant, length

    began, ended = instant(one.get("started_at")), instant(one.get("finished_at"))
    return length(ended - began) if began is not None and ended is not None else ""


def _status(status: str) -> Any:  # noqa: ANN401 - loaded when used
    from rich.text import Text

    return Text(status, STYLES.get(status, ""))
