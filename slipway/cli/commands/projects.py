"""`slipway project …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.options import json_option
from slipway.cli.paths import project_path

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def project() -> None:
    """Add, list and show projects: what environments, builds and pipelines belong to."""


@project.command()
@click.argument("name")
@click.option("--description", default="")
@click.option("--url", default="", help="Where the organisation is found.")
@click.option("--group", "groups", multiple=True, help="A group that it belongs to; may be given again.")
@json_option
def add(name: str, description: str, url: str, groups: tuple[str, ...]) -> None:
    """Add a project."""
    body = {"name": name, "description": description, "org_url": url, "groups": list(groups)}
    with desk.the_client() as api:
        api.post(f"{project_path(name)}add-project", body)
    desk.show({"name": name}, lambda: f"added project {name}")


@project.command("list")
@json_option
def list_() -> None:
    """All projects that one may see."""
    with desk.the_client() as api:
        found = api.get("/api/v1/state/")
    desk.show(found, lambda: _table(found))


@project.command()
@click.argument("name")
@json_option
def show(name: str) -> None:
    """A project and what is in its environments."""
    with desk.the_client() as api:
        found = api.get(project_path(name))
    desk.show(found, lambda: _record(found))


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, listing

    rows = [
        (name, listed(one.get("environment_order")), str(one.get("permission") or ""), str(one.get("description", "")))
        for name, one in found.items()
    ]
    return listing(("project", "environments", "may", "description"), rows, none="no projects")


def _record(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record

    environments = found.get("environments") or {}
    deployed = {
        f"in {name}": ", ".join((environments.get(name) or {}).get("deployments") or {}) or "nothing"
        for name in found.get("environment_order") or ()
    }
    fields = {
        "project": str(found["name"]),
        "description": str(found.get("description", "")),
        "url": str(found.get("org_url", "")),
        "groups": listed(found.get("groups")),
        "may": str(found.get("permission") or ""),
        "environments": listed(found.get("environment_order")),
    }
    return record({**fields, **deployed})
