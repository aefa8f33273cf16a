"""`slipway user …`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option, said
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.cli.saved import Place, change
from slipway.client import segment

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group()
@json_option
def user() -> None:
    """People; for admins."""


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


@user.command()
@click.argument("name")
@json_option
def show(name: str) -> None:
    """A person, to admins and to themselves."""
    with desk.the_client() as api:
        found = api.get(_place(name).path)
    desk.show(found, lambda: _record(found))


@user.command()
@click.argument("name")
@click.option("--email")
@click.option("--role", "roles", multiple=True, help="In place of all that there are; may be given again, '' is none.")
@click.option(
    "--group", "groups", multiple=True, help="In place of all that there are; may be given again, '' is none."
)
@click.option("--password-stdin", is_flag=True, help="Read a new password from stdin.")
@click.option("--disable/--enable", "disabled", default=None, help="Whether they may come in at all.")
@json_option
def edit(  # noqa: PLR0917 - click's signature
    name: str,
    email: str | None,
    roles: tuple[str, ...],
    groups: tuple[str, ...],
    password_stdin: bool,  # noqa: FBT001 - click's signature
    disabled: bool | None,  # noqa: FBT001 - click's signature
) -> None:
    """Change a person: what is not said stays as it is, the password too."""
    given = said(email=email, roles=roles, groups=groups, disabled=disabled)
    if password_stdin:
        given["password"] = sys.stdin.readline().rstrip("\n")
    with desk.the_client() as api:
        found = change(api, _place(name), given, keep=("email", "roles", "groups", "disabled"))
    desk.show(found, lambda: _record(found))


@user.command("remove")
@click.argument("name")
@yes_option
@json_option
def remove_(name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget a person; their tokens hold no more."""
    place = _place(name)
    with desk.the_client() as api:
        confirm(place.title, yes=yes)
        gone = remove(api, place.path)
    desk.show({"removed": name, **gone}, lambda: told(place.title, gone))


def _place(name: str) -> Place:
    return Place(added_at="/api/v1/users", path=f"/api/v1/users/{segment(name)}", title=f"user {name}")


def _record(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listed, record

    return record(
        {
            "user": str(found["name"]),
            "email": str(found.get("email", "")),
            "roles": listed(found.get("roles")),
            "groups": listed(found.get("groups")),
            "comes by": "password and tokens" if found.get("has_password") else "tokens alone",
            "disabled": "yes" if found.get("disabled") else "",
        }
    )


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
