"""Runs of a build, a deployment job or a pipeline as the State Service lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from slipway.cli.show.columns import Column, Columns, when
from slipway.cli.show.output import show, the_client

if TYPE_CHECKING:
    from rich.text import Text

    from slipway.client import Client

LARGEST = 200
STYLES = {"ok": "green", "failed": "bold red", "running": "blue"}


def executions(api: Client, path: str, limit: int) -> list[dict[str, Any]]:
    """The runs under a path, newest first, up to so many; page after page. Faults: ApiError."""
    return list(islice(pages(api, f"{path}executions/", min(limit, LARGEST)), limit))


def show_executions(path: str, limit: int) -> None:
    """Print the runs under a path, newest first, at most `limit`. Faults: ApiError."""
    with the_client() as api:
        found = executions(api, path, limit)
    show(found, lambda: TABLE.table(found))


def pages(api: Client, path: str, size: int, **query: str) -> Iterator[dict[str, Any]]:
    """The entries of a list of the State API, page after page. Faults: ApiError."""
    after: dict[str, str] = {}
    while True:
        page = api.get(path, **query, page_size=str(size), **after)
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
    from slipway.cli.show.times import instant, length

    began, ended = instant(one.get("started_at")), instant(one.get("finished_at"))
    return length(ended - began) if began is not None and ended is not None else ""


def _status(status: object) -> Text:
    from rich.text import Text

    return Text(str(status), STYLES.get(str(status), ""))


TABLE = Columns(
    (
        Column("run", lambda one: f"#{one['run_nr']}" if one["run_nr"] is not None else ""),
        Column("what", _what),
        Column("release", lambda one: str(one.get("version") or one.get("release_id") or "")),
        Column("status", show=_status),
        Column("began", "started_at", when),
        Column("took", _took, is_spare=True),
        Column("by", "started_by"),
        Column("reason"),
        Column("id", is_spare=True),
    ),
    none="nothing was done yet",
)
