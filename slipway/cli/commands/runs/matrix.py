"""`slipway matrix`: what is where, applications by environments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when
from slipway.cli.web import open_page, page_of_project, web_option

if TYPE_CHECKING:
    from slipway.client import Client

DRIFTS = {"behind": "behind", "ahead": "ahead of"}


@click.command()
@click.option("-p", "--project", default="", help="Of this project alone.")
@web_option
@json_option
def matrix(*, project: str, web: bool) -> None:
    """What is where: each deployment by environment, with drift (by how many releases), and the run on its way.

    Example: slipway matrix --project shop
    """
    if web:
        open_page(page_of_project(project) if project else "home")
        return
    with output.the_client() as api:
        found = _projects(api, project)
    output.show(found, lambda: TABLE.table(_rows(found)))


def _projects(api: Client, project: str) -> list[dict[str, Any]]:
    """All projects, page after page. Faults: ApiError."""
    found: list[dict[str, Any]] = []
    after: str | None = ""
    while after is not None:
        query = {**({"project": project} if project else {}), **({"page_from": after} if after else {})}
        page = api.get("/api/v1/matrix", **query)
        found.extend(page["items"])
        after = page["next"]
    return found


def _rows(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in found:
        for environment in one["environments"]:
            # Of what was only built, or destroyed, nothing is there, unless a run brings it.
            for cell in (cell for cell in one["cells"][environment] if cell["phase"] != "empty" or cell["next"]):
                yield {**cell, "project": one["project"], "environment": environment}


def _drift(cell: Mapping[str, Any]) -> str:
    if cell["drift"] not in DRIFTS:
        return ""
    words = f"{DRIFTS[cell['drift']]} {cell['before']}"
    # Platforms of earlier versions count nothing.
    return words if cell.get("drift_by") is None else f"{cell['drift_by']} {words}"


def _coming(cell: Mapping[str, Any]) -> str:
    coming = cell["next"]
    return f"#{coming['run_nr']} {coming['phase']}" if coming else ""


TABLE = Columns(
    (
        Column("project"),
        Column("environment"),
        Column("deployment"),
        Column("version"),
        Column("phase"),
        Column("drift", _drift),
        Column("since", "since", when),
        Column("by", is_spare=True),
        Column("next", _coming),
    ),
    none="nothing is deployed",
)
