"""`slipway namespace …`: what projects own in the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.cli.inventory_paths import namespace_path
from slipway.cli.options import json_option, said
from slipway.cli.paths import project_path
from slipway.cli.removal import confirm, remove, yes_option

if TYPE_CHECKING:
    from rich.console import RenderableType

SAID = ("name", "description", "org_url", "logo", "is_public")
"""What may be said of a namespace."""


@click.group()
@json_option
def namespace() -> None:
    """Namespaces: where a project's releases have their names."""


@namespace.command()
@click.argument("project")
@click.argument("name")
@click.option("--description", default="")
@click.option("--url", default="", help="Where the organisation is found.")
@json_option
def add(project: str, name: str, description: str, url: str) -> None:
    """Make a namespace that PROJECT owns."""
    body = {"name": name, "description": description, "org_url": url}
    with desk.the_client() as api:
        api.post(f"{project_path(project)}add-namespace", body)
    desk.show({"project": project, "name": name}, lambda: f"added namespace {name} to {project}")


@namespace.command("list")
@click.argument("project", required=False, default="")
@json_option
def list_(project: str) -> None:
    """The namespaces of PROJECT, or all that one may see."""
    with desk.the_client() as api:
        path = f"{project_path(project)}namespaces/" if project else "/api/v1/state/namespaces"
        found = api.get(path)["namespaces"]
    desk.show(found, lambda: _table(found))


@namespace.command()
@click.argument("name")
@json_option
def show(name: str) -> None:
    """A namespace and its applications."""
    with desk.the_client() as api:
        found = api.get(namespace_path(name))
    desk.show(found, lambda: _record(found))


@namespace.command()
@click.argument("name")
@click.option("--description")
@click.option("--url", help="Where the organisation is found.")
@click.option("--public/--private", "is_public", default=None, help="Whether everybody may fetch its releases.")
@json_option
def edit(name: str, description: str | None, url: str | None, is_public: bool | None) -> None:  # noqa: FBT001 - click's signature
    """Change a namespace: what is not said stays as it is."""
    given, path = said(description=description, org_url=url, is_public=is_public), namespace_path(name)
    if not given:
        raise Trouble(f"nothing of namespace {name} was to be changed", "see --help", code=ExitCode.USAGE)
    with desk.the_client() as api:
        before = api.get(path)
        api.put(path, {**{field: before[field] for field in SAID if field in before}, **given})
        found = api.get(path)
    desk.show(found, lambda: f"changed namespace {name}")


@namespace.command("remove")
@click.argument("name")
@yes_option
@json_option
def remove_(name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget a namespace with its units, releases, tags and hooks; for owners. What runs of them runs on."""
    title, path = f"namespace {name}", namespace_path(name)
    with desk.the_client(60.0) as api:
        units = sorted(api.get(path).get("units") or {})
        confirm(f"{title} with {len(units)} units and their releases", yes=yes, typed=name)
        remove(api, f"{path}hard-delete")
    said_to_be_gone = f"removed {title}: {', '.join(units) or 'it was empty'}"
    desk.show({"namespace": name, "removed": {"units": units}}, lambda: said_to_be_gone)


def applications_table(found: dict[str, Any]) -> RenderableType:
    """Applications by name."""
    from slipway.cli.tables import listing
    from slipway.cli.times import now, since

    at = now()
    rows = [
        (
            f"{one.get('project', '')}/{name}",
            str(one.get("latest_version", "")),
            since(one.get("uploaded_at"), at),
            str(one.get("uploaded_by", "")),
            str(one.get("description", "")),
        )
        for name, one in found.items()
    ]
    return listing(("application", "latest", "registered", "by", "description"), rows, none="no applications")


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing

    rows = [
        (name, str(one.get("project", "")), str(one.get("permission") or ""), str(one.get("description", "")))
        for name, one in found.items()
    ]
    return listing(("namespace", "project", "may", "description"), rows, none="no namespaces")


def _record(found: dict[str, Any]) -> RenderableType:
    from rich.console import Group

    from slipway.cli.tables import record

    fields = {
        "namespace": str(found["name"]),
        "description": str(found.get("description", "")),
        "url": str(found.get("org_url", "")),
        "may": str(found.get("permission") or ""),
        "public": "yes" if found.get("is_public") else "",
    }
    return Group(record(fields), "", applications_table(found.get("units") or {}))
