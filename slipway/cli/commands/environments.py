"""`slipway env …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.options import json_option, values
from slipway.cli.paths import project_path

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def env() -> None:
    """Add, list and order the environments of a project."""


@env.command()
@click.argument("project")
@click.argument("name")
@click.option("--description", default="")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="For all that is deployed there.")
@json_option
def add(project: str, name: str, description: str, inputs: tuple[str, ...]) -> None:
    """Add an environment to PROJECT, after those that there are."""
    given = values(inputs, "--input")
    body = {"name": name, "description": description, **({"inputs": given} if given else {})}
    with desk.the_client() as api:
        api.post(f"{project_path(project)}environments/", body)
    desk.show({"project": project, "name": name}, lambda: f"added environment {name} to {project}")


@env.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The environments of PROJECT in their order."""
    with desk.the_client() as api:
        found = api.get(project_path(project))
    ordered = [found["environments"][name] for name in found["environment_order"]]
    desk.show(ordered, lambda: _table(ordered))


@env.command()
@click.argument("project")
@click.argument("names", nargs=-1, required=True)
@json_option
def order(project: str, names: tuple[str, ...]) -> None:
    """Put the environments of PROJECT in this order; name each once."""
    with desk.the_client() as api:
        api.post(f"{project_path(project)}change-environment-order", {"order": list(names)})
    desk.show({"order": list(names)}, lambda: f"environments of {project}: {', '.join(names)}")


def _table(ordered: list[dict[str, Any]]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (str(one["name"]), ", ".join(one.get("deployments") or {}), str(one.get("description", ""))) for one in ordered
    ]
    return listing(("environment", "deployments", "description"), rows, none="no environments")
