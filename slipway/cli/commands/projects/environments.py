"""`slipway env …`."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.input.options import (
    arguments,
    description_option,
    input_option,
    json_option,
    new_description_option,
    place_arguments,
    said,
    values,
    without_input_option,
    yes_option,
)
from slipway.cli.places.deployed import deployed_in
from slipway.cli.places.paths import environment_path, project_path
from slipway.cli.places.removal import remove_whole
from slipway.cli.places.saved import Place, change
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, prefixed, words

TABLE = Columns(
    (
        Column("environment", "name"),
        Column("deployments", lambda one: words(deployed_in(one))),
        Column("description"),
    ),
    none="no environments",
)
RECORD = Columns((Column("environment", "title"), Column("description")))


def _place(project: str, name: str) -> Place:
    return Place(
        added_at=f"{project_path(project)}environments/",
        path=environment_path(project, name),
        title=f"environment {name} of {project}",
        name=name,
        project=project,
    )


@click.group()
@json_option
def env() -> None:
    """The environments of a project: where its releases are deployed.

    Example: slipway env list shop
    """


@env.command()
@place_arguments(_place)
@description_option
@input_option("For all that is deployed there.")
@json_option
def add(*, place: Place, description: str, inputs: tuple[str, ...]) -> None:
    """Add an environment to PROJECT, after those that there are.

    Example: slipway env add shop staging -i region=eu
    """
    given = values(inputs, "--input")
    body = {"name": place.name, "description": description, **({"inputs": given} if given else {})}
    with output.the_client() as api:
        api.post(place.added_at, body)
    told = {"project": place.project, "name": place.name}
    output.show(told, lambda: f"added environment {place.name} to {place.project}")


@env.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The environments of PROJECT in their order.

    Example: slipway env list shop
    """
    with output.the_client() as api:
        found = api.get(project_path(project))
    ordered = [found["environments"][name] for name in found["environment_order"]]
    output.show(ordered, lambda: TABLE.table(ordered))


@env.command()
@place_arguments(_place)
@json_option
def show(*, place: Place) -> None:
    """An environment: its inputs, what is deployed there, and who provides what.

    Example: slipway env show shop staging
    """
    with output.the_client() as api:
        found = {**api.get(place.path), "providers": api.get(f"{place.path}providers/")}
    _show(place, found)


@env.command()
@place_arguments(_place)
@new_description_option
@input_option("In place of the one of its name.")
@without_input_option
@json_option
def edit(*, place: Place, description: str | None, inputs: tuple[str, ...], gone: tuple[str, ...]) -> None:
    """Change an environment: what is not said stays as it is.

    Example: slipway env edit shop staging -i region=us --without-input zone
    """
    given, more = said(description=description), values(inputs, "--input")
    with output.the_client() as api:
        if more or gone:
            merged = {**(api.get(place.path).get("inputs") or {}), **more}
            given["inputs"] = {name: value for name, value in merged.items() if name not in gone}
        found = change(api, place, given, keep=("description", "inputs"))
    _show(place, found)


@env.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Remove an environment with its states, builds and deployment jobs. What is deployed there runs on.

    Example: slipway env remove shop staging
    """
    remove_whole("environment", place, yes=yes)


@env.command()
@arguments("project")
@click.argument("names", nargs=-1, required=True)
@json_option
def order(project: str, names: tuple[str, ...]) -> None:
    """Put the environments of PROJECT in this order; name each once.

    Example: slipway env order shop ci staging production
    """
    with output.the_client() as api:
        api.post(f"{project_path(project)}change-environment-order", {"order": list(names)})
    output.show({"order": list(names)}, lambda: f"environments of {project}: {', '.join(names)}")


def _show(place: Place, found: dict[str, Any]) -> None:
    providers = {name: words(who) for name, who in (found.get("providers") or {}).items()}
    more = {
        **prefixed("input", found.get("inputs")),
        "deployments": words(deployed_in(found)) or "nothing",
        **prefixed("provides", providers),
    }
    row = {**found, "title": f"{place.project}/{found['name']}"}
    output.show(found, lambda: RECORD.record(row, more))
