"""`slipway project …`."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.error import Trouble
from slipway.cli.options import STDIN, document, json_option, said
from slipway.cli.paths import project_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.saved import CONFLICT, Place, change
from slipway.client import Ask
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from rich.console import RenderableType

SAID = ("description", "org_url", "logo", "groups")
"""What may be said of a project."""

LONG = 60.0
"""Seconds of asking again, where a whole project is taken away or in."""

PICTURE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path)


@click.group()
@json_option
def project() -> None:
    """Projects: what environments, builds and pipelines belong to."""


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
@click.option("--group", default="", metavar="NAME", help="Those that belong to this group alone.")
@json_option
def list_(group: str) -> None:
    """All projects that one may see."""
    path, query = ("__get_projects_by_group", {"group": group}) if group else ("", {})
    with desk.the_client() as api:
        told_of = api.get(f"/api/v1/state/{path}", **query)
    found = told_of.get(group, {}) if group else told_of
    desk.show(found, lambda: _table(found))


@project.command()
@click.argument("name")
@json_option
def show(name: str) -> None:
    """A project and what is in its environments."""
    with desk.the_client() as api:
        found = api.get(project_path(name))
    desk.show(found, lambda: _record(found))


@project.command()
@click.argument("name")
@click.option("--description")
@click.option("--url", help="Where the organisation is found.")
@click.option(
    "--group", "groups", multiple=True, help="In place of all that there are; may be given again, '' is none."
)
@click.option("--logo", type=PICTURE, metavar="FILE", help="A PNG, JPEG, GIF, SVG or WebP of at most 256 KB.")
@json_option
def edit(name: str, description: str | None, url: str | None, groups: tuple[str, ...], logo: Path | None) -> None:  # noqa: PLR0917 - click's signature
    """Change a project: what is not said stays as it is."""
    given = said(description=description, org_url=url, groups=groups)
    if logo is not None:
        given["logo"] = b64encode(logo.read_bytes()).decode()
    with desk.the_client() as api:
        found = change(api, _place(name), given, keep=SAID)
    desk.show(found, lambda: _record(found))


@project.command("remove")
@click.argument("name")
@yes_option
@json_option
def remove_(name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Remove a project and all that belongs to it: environments, states, definitions, repositories, accounts, runs."""
    place = _place(name)
    with desk.the_client(LONG) as api:
        api.get(place.path)
        confirm(f"{place.title} and all that belongs to it", yes=yes, typed=name)
        gone = remove(api, place.path)
    desk.show({"project": name, **gone}, lambda: told(place.title, gone))


@project.command("import")
@click.argument("name")
@click.argument("file", metavar="FILE")
@click.option("--overwrite", is_flag=True, help="Also where something is deployed already.")
@json_option
def import_(name: str, file: str, overwrite: bool) -> None:  # noqa: FBT001 - click's signature
    """Take over the environments of a local state file of Escape's CLI, - for stdin; all of them, or none."""
    query = {"overwrite": "true"} if overwrite else {}
    ask = Ask(method="POST", path=f"{project_path(name)}import-environments", body=document(file), query=query)
    with desk.the_client(LONG) as api:
        try:
            taken = api.json(ask)
        except ApiError as error:
            if error.status != CONFLICT or overwrite:
                raise
            raise Trouble(error.message, "add --overwrite to have what the file says in its place") from error
    desk.show(taken, lambda: f"took over into {name}: {', '.join(taken['imported']) or 'nothing'}")


@project.command()
@click.argument("name")
@click.option("--save", "target", type=TARGET, required=True, metavar="FILE", help="Where it is written; - for stdout.")
@json_option
def logo(name: str, target: Path) -> None:
    """Write a project's logo to a file."""
    with desk.the_client() as api:
        answer = api.send(Ask(method="GET", path=f"{project_path(name)}logo"))
    media = str(answer.headers.get("Content-Type", ""))
    with click.open_file(str(target), "wb") as file:
        file.write(answer.content)
    if str(target) != STDIN:
        desk.show(
            {"file": str(target), "media": media}, lambda: f"wrote {target}: {media}, {len(answer.content)} bytes"
        )


def _place(name: str) -> Place:
    path = project_path(name)
    return Place(added_at=f"{path}add-project", path=path, title=f"project {name}")


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
