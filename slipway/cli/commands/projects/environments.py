"""`slipway env …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option, said, values
from slipway.cli.paths import environment_path, project_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.saved import Place, change

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def env() -> None:
    """The environments of a project: where its releases are deployed."""


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
@click.argument("name")
@json_option
def show(project: str, name: str) -> None:
    """An environment: its inputs, what is deployed there, and who provides what."""
    path = environment_path(project, name)
    with desk.the_client() as api:
        found = {**api.get(path), "providers": api.get(f"{path}providers/")}
    desk.show(found, lambda: _record(project, found))


@env.command()
@click.argument("project")
@click.argument("name")
@click.option("--description")
@click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help="In place of the one of its name.")
@click.option("--without-input", "gone", multiple=True, metavar="NAME", help="Has this input no more.")
@json_option
def edit(project: str, name: str, description: str | None, inputs: tuple[str, ...], gone: tuple[str, ...]) -> None:  # noqa: PLR0917 - click's signature
    """Change an environment: what is not said stays as it is."""
    given, place = said(description=description), _place(project, name)
    more = values(inputs, "--input")
    with desk.the_client() as api:
        if more or gone:
            merged = {**(api.get(place.path).get("inputs") or {}), **more}
            given["inputs"] = {name: value for name, value in merged.items() if name not in gone}
        found = change(api, place, given, keep=("description", "inputs"))
    desk.show(found, lambda: _record(project, found))


@env.command("remove")
@click.argument("project")
@click.argument("name")
@yes_option
@json_option
def remove_(project: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Remove an environment with its states, builds and deployment jobs. What is deployed there runs on."""
    place = _place(project, name)
    with desk.the_client(60.0) as api:
        api.get(place.path)
        confirm(f"{place.title} and all that belongs to it", yes=yes, typed=name)
        gone = remove(api, place.path)
    desk.show({"environment": name, **gone}, lambda: told(place.title, gone))


@env.command()
@click.argument("project")
@click.argument("names", nargs=-1, required=True)
@json_option
def order(project: str, names: tuple[str, ...]) -> None:
    """Put the environments of PROJECT in this order; name each once."""
    with desk.the_client() as api:
        api.post(f"{project_path(project)}change-environment-order", {"order": list(names)})
    desk.show({"order": list(names)}, lambda: f"environments of {project}: {', '.join(names)}")


def _place(project: str, name: str) -> Place:
    added_at = f"{project_path(project)}environments/"
    return Place(added_at=added_at, path=environment_path(project, name), title=f"environment {name} of {project}")


def _record(project: str, found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record

    return record(
        {
            "environment": f"{project}/{found['name']}",
            "description": str(found.get("description", "")),
            **{f"input {name}": str(value) for name, value in (found.get("inputs") or {}).items()},
            "deployments": ", ".join(found.get("deployments") or {}) or "nothing",
            **{f"provides {name}": listed(who) for name, who in (found.get("providers") or {}).items()},
        }
    )


def _table(ordered: list[dict[str, Any]]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (str(one["name"]), ", ".join(one.get("deployments") or {}), str(one.get("description", ""))) for one in ordered
    ]
    return listing(("environment", "deployments", "description"), rows, none="no environments")
