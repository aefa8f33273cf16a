"""`slipway group …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.client import segment

if TYPE_CHECKING:
    from rich.console import RenderableType

GROUPS = "/api/v1/groups"


@click.group()
@json_option
def group() -> None:
    """Groups of people, who share roles; approvals name them as teams."""


@group.command("set")
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="Such as project:shop:global:write; may be given again.")
@json_option
def set_(name: str, roles: tuple[str, ...]) -> None:
    """Make a group, or say anew which roles it gives; for admins."""
    with desk.the_client() as api:
        made = api.put(f"{GROUPS}/{segment(name)}", {"roles": list(roles)})
    desk.show(made, lambda: f"group {name} gives {', '.join(roles) or 'no roles'}")


@group.command("list")
@json_option
def list_() -> None:
    """All groups by name."""
    from slipway.cli.pages import items

    with desk.the_client() as api:
        found = list(items(api, GROUPS, {}))
    desk.show(found, lambda: _table(found))


@group.command("remove")
@click.argument("name")
@yes_option
@json_option
def remove_(name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget a group; those in it lose the roles that it gave."""
    title = f"group {name}"
    with desk.the_client() as api:
        confirm(title, yes=yes)
        gone = remove(api, f"{GROUPS}/{segment(name)}")
    desk.show({"removed": name, **gone}, lambda: told(title, gone))


def _table(found: list[dict[str, Any]]) -> RenderableType:
    from slipway.cli.tables import listed, listing

    rows = [(str(one["name"]), listed(one.get("roles"))) for one in found]
    return listing(("group", "roles"), rows, none="no groups")
