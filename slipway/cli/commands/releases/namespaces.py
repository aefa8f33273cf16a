"""`slipway namespace …`: what projects own in the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import (
    arguments,
    description_option,
    json_option,
    new_description_option,
    new_url_option,
    said,
    url_option,
    yes_option,
)
from slipway.cli.places.inventory_paths import namespace_path
from slipway.cli.places.paths import project_path
from slipway.cli.places.removal import PATIENCE_SECONDS, confirm, remove
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name, when, yes

if TYPE_CHECKING:
    from rich.console import RenderableType

SAID = ("name", "description", "org_url", "logo", "is_public")
"""Fields that a change of a namespace may set."""

TABLE = Columns(
    (Column("namespace", KEY), Column("project"), Column("may", "permission"), Column("description")),
    none="no namespaces",
)
RECORD = Columns(
    (
        Column("namespace", "name"),
        Column("description"),
        Column("url", "org_url"),
        Column("may", "permission"),
        Column("public", "is_public", yes),
    )
)
APPLICATIONS = Columns(
    (
        Column("application", lambda one: f"{one.get('project', '')}/{one[KEY]}"),
        Column("latest", "latest_version"),
        Column("registered", "uploaded_at", when),
        Column("by", "uploaded_by", is_spare=True),
        Column("description"),
    ),
    none="no applications",
)


@click.group()
@json_option
def namespace() -> None:
    """Namespaces: where a project's releases have their names.

    Example: slipway namespace list
    """


@namespace.command()
@arguments("project", "name")
@description_option
@url_option
@json_option
def add(*, project: str, name: str, **given: object) -> None:
    """Make a namespace that PROJECT owns.

    Example: slipway namespace add shop demo
    """
    with output.the_client() as api:
        api.post(f"{project_path(project)}add-namespace", {"name": name, **given})
    output.show({"project": project, "name": name}, lambda: f"added namespace {name} to {project}")


@namespace.command("list")
@click.argument("project", required=False, default="")
@json_option
def list_(project: str) -> None:
    """The namespaces of PROJECT, or all that one may see.

    Example: slipway namespace list shop
    """
    with output.the_client() as api:
        path = f"{project_path(project)}namespaces/" if project else "/api/v1/state/namespaces"
        found = api.get(path)["namespaces"]
    output.show(found, lambda: TABLE.table(by_name(found)))


@namespace.command()
@arguments("name")
@json_option
def show(name: str) -> None:
    """A namespace and its applications.

    Example: slipway namespace show demo
    """
    with output.the_client() as api:
        found = api.get(namespace_path(name))
    output.show(found, lambda: _record(found))


@namespace.command()
@arguments("name")
@new_description_option
@new_url_option
@click.option("--public/--private", "is_public", default=None, help="Whether everybody may fetch its releases.")
@json_option
def edit(*, name: str, **given: object) -> None:
    """Change a namespace: what is not said stays as it is.

    Example: slipway namespace edit demo --public
    """
    changes, path = said(**given), namespace_path(name)
    if not changes:
        raise CommandError(f"nothing of namespace {name} was to be changed", "see --help", code=ExitCode.USAGE)
    with output.the_client() as api:
        before = api.get(path)
        api.put(path, {**{field: before[field] for field in SAID if field in before}, **changes})
        found = api.get(path)
    output.show(found, lambda: f"changed namespace {name}")


@namespace.command("remove")
@arguments("name")
@yes_option
@json_option
def remove_(*, name: str, yes: bool) -> None:
    """Forget a namespace with its units, releases, tags and hooks; for owners. What runs of them runs on.

    Example: slipway namespace remove demo
    """
    title, path = f"namespace {name}", namespace_path(name)
    with output.the_client(PATIENCE_SECONDS) as api:
        units = sorted(api.get(path).get("units") or {})
        confirm(f"{title} with {len(units)} units and their releases", yes=yes, typed=name)
        remove(api, f"{path}hard-delete")
    said_to_be_gone = f"removed {title}: {', '.join(units) or 'it was empty'}"
    output.show({"namespace": name, "removed": {"units": units}}, lambda: said_to_be_gone)


def _record(found: dict[str, Any]) -> RenderableType:
    from rich.console import Group

    return Group(RECORD.record(found), "", APPLICATIONS.table(by_name(found.get("units") or {})))
