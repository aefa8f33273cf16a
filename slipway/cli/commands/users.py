"""`slipway user …`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import desk
from slipway.cli.options import json_option

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def user() -> None:
    """Add and list people; for admins."""


@user.command()
@click.argument("name")
@click.option("--email", default="")
@click.option("--role", "roles", multiple=True, help="Such as admin, or project:shop:global:write; may be given again.")
@click.option("--group", "groups", multiple=True, help="May be given again.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; without one they come by tokens.")
@json_option
def add(name: str, email: str, roles: tuple[str, ...], groups: tuple[str, ...], password_stdin: bool) -> None:  # noqa: FBT001, PLR0917 - click's signature
    """Make a person known."""
    body: dict[str, object] = {"name": name, "email": email, "roles": list(roles), "groups": list(groups)}
    if password_stdin:
        body["password"] = sys.stdin.readline().rstrip("\n")
    with desk.the_client() as api:
        made = api.post("/api/v1/users", body)
    desk.show(made, lambda: f"added user {name}")


@user.command("list")
@json_option
def list_() -> None:
    """All people by name."""
    from slipway.cli.pages import items

    with desk.the_client() as api:
        found = list(items(api, "/api/v1/users", {}))
    desk.show(found, lambda: _table(found))


def _table(found: list[dict[str, Any]]) -> RenderableType:
    from slipway.cli.tables import listed, listing

    rows = [
        (
            str(one["name"]),
            str(one.get("email", "")),
            listed(one.get("roles")),
            listed(one.get("groups")),
            "disabled" if one.get("disabled") else "",
        )
        for one in found
    ]
    return listing(("user", "email", "roles", "groups", ""), rows, none="nobody")
