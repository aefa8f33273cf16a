"""`slipway group …`."""

from __future__ import annotations

import click

from slipway.cli.input.options import json_option, place_arguments, yes_option
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, words
from slipway.client import segment

GROUPS = "/api/v1/groups"
TABLE = Columns((Column("group", "name"), Column("roles", show=words)), none="no groups")


def _place(name: str) -> Place:
    return Place(path=f"{GROUPS}/{segment(name)}", title=f"group {name}", name=name)


@click.group()
@json_option
def group() -> None:
    """Groups of people, who share roles; approvals name them as teams.

    Example: slipway group list
    """


@group.command("set")
@place_arguments(_place)
@click.option("--role", "roles", multiple=True, help="Such as project:shop:global:write; may be given again.")
@json_option
def set_(*, place: Place, roles: tuple[str, ...]) -> None:
    """Make a group, or say anew which roles it gives; for admins.

    Example: slipway group set ops --role project:shop:global:owner
    """
    with output.the_client() as api:
        made = api.put(place.path, {"roles": list(roles)})
    output.show(made, lambda: f"{place.title} gives {words(roles) or 'no roles'}")


@group.command("list")
@json_option
def list_() -> None:
    """All groups by name.

    Example: slipway group list
    """
    from slipway.cli.places.pages import items

    with output.the_client() as api:
        found = list(items(api, GROUPS, {}))
    output.show(found, lambda: TABLE.table(found))


@group.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Forget a group; those in it lose the roles that it gave.

    Example: slipway group remove ops --yes
    """
    remove_at(place, yes=yes)
