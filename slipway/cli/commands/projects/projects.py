"""`slipway project …`."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.input.options import (
    STDIN,
    arguments,
    description_option,
    document,
    json_option,
    new_description_option,
    new_url_option,
    place_arguments,
    said,
    url_option,
    yes_option,
)
from slipway.cli.places.deployed import deployed_in
from slipway.cli.places.paths import project_path
from slipway.cli.places.removal import PATIENCE_SECONDS, remove_whole
from slipway.cli.places.saved import CONFLICT, Place, change
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name, words
from slipway.cli.web import open_page, page_of_project, web_option
from slipway.client import ApiRequest
from slipway.client_error import ApiError

SAID = ("description", "org_url", "logo", "groups")
"""What may be said of a project."""

PICTURE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path)

TABLE = Columns(
    (
        Column("project", KEY),
        Column("environments", "environment_order", words),
        Column("may", "permission"),
        Column("description"),
    ),
    none="no projects",
)
RECORD = Columns(
    (
        Column("project", "name"),
        Column("description"),
        Column("url", "org_url"),
        Column("groups", show=words),
        Column("may", "permission"),
        Column("environments", "environment_order", words),
    )
)


def _place(name: str) -> Place:
    path = project_path(name)
    return Place(added_at=f"{path}add-project", path=path, title=f"project {name}", name=name)


@click.group()
@json_option
def project() -> None:
    """Projects: what environments, builds and pipelines belong to.

    Example: slipway project list
    """


@project.command()
@place_arguments(_place)
@description_option
@url_option
@click.option("--group", "groups", multiple=True, help="A group that it belongs to; may be given again.")
@json_option
def add(*, place: Place, groups: tuple[str, ...], **given: object) -> None:
    """Add a project.

    Example: slipway project add shop --description "Where things are sold"
    """
    with output.the_client() as api:
        api.post(place.added_at, {"name": place.name, "groups": list(groups), **given})
    output.show({"name": place.name}, lambda: f"added project {place.name}")


@project.command("list")
@click.option("--group", default="", metavar="NAME", help="Those that belong to this group alone.")
@json_option
def list_(group: str) -> None:
    """All projects that one may see.

    Example: slipway project list --group sales
    """
    path, query = ("__get_projects_by_group", {"group": group}) if group else ("", {})
    with output.the_client() as api:
        answer = api.get(f"/api/v1/state/{path}", **query)
    found = answer.get(group, {}) if group else answer
    output.show(found, lambda: TABLE.table(by_name(found)))


@project.command()
@place_arguments(_place)
@web_option
@json_option
def show(*, place: Place, web: bool) -> None:
    """A project and what is in its environments.

    Example: slipway project show shop
    """
    if web:
        open_page(page_of_project(place.name))
        return
    with output.the_client() as api:
        found = api.get(place.path)
    _show(found)


@project.command()
@place_arguments(_place)
@new_description_option
@new_url_option
@click.option(
    "--group", "groups", multiple=True, help="In place of all that there are; may be given again, '' is none."
)
@click.option("--logo", type=PICTURE, metavar="FILE", help="A PNG, JPEG, GIF, SVG or WebP of at most 256 KB.")
@json_option
def edit(*, place: Place, logo: Path | None, **given: object) -> None:
    """Change a project: what is not said stays as it is.

    Example: slipway project edit shop --url https://example.org
    """
    changes = said(**given)
    if logo is not None:
        changes["logo"] = b64encode(logo.read_bytes()).decode()
    with output.the_client() as api:
        found = change(api, place, changes, keep=SAID)
    _show(found)


@project.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Remove a project and all that belongs to it: environments, states, definitions, repositories, accounts, runs.

    Example: slipway project remove shop
    """
    remove_whole("project", place, yes=yes)


@project.command("import")
@arguments("name")
@click.argument("file", metavar="FILE")
@click.option("--overwrite", is_flag=True, help="Also where something is deployed already.")
@json_option
def import_(*, name: str, file: str, overwrite: bool) -> None:
    """Take over the environments of a local state file of Escape's CLI, - for stdin; all of them, or none.

    Example: slipway project import shop escape_state.json
    """
    query = {"overwrite": "true"} if overwrite else {}
    ask = ApiRequest(method="POST", path=f"{project_path(name)}import-environments", body=document(file), query=query)
    with output.the_client(PATIENCE_SECONDS) as api:
        try:
            taken = api.json(ask)
        except ApiError as error:
            if error.status != CONFLICT or overwrite:
                raise
            raise CommandError(error.message, "add --overwrite to have what the file says in its place") from error
    output.show(taken, lambda: f"took over into {name}: {', '.join(taken['imported']) or 'nothing'}")


@project.command()
@arguments("name")
@click.option("--save", "target", type=TARGET, required=True, metavar="FILE", help="Where it is written; - for stdout.")
@json_option
def logo(*, name: str, target: Path) -> None:
    """Write a project's logo to a file.

    Example: slipway project logo shop --save logo.png
    """
    with output.the_client() as api:
        answer = api.send(ApiRequest(method="GET", path=f"{project_path(name)}logo"))
    media = str(answer.headers.get("Content-Type", ""))
    with click.open_file(str(target), "wb") as file:
        file.write(answer.data)
    if str(target) != STDIN:
        output.show({"file": str(target), "media": media}, lambda: f"wrote {target}: {media}, {len(answer.data)} bytes")


def _show(found: dict[str, Any]) -> None:
    environments = found.get("environments") or {}
    deployed = {
        f"in {name}": words(deployed_in(environments.get(name) or {})) or "nothing"
        for name in found.get("environment_order") or ()
    }
    output.show(found, lambda: RECORD.record(found, deployed))
