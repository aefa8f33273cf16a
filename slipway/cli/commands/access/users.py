"""`slipway user …`."""

from __future__ import annotations

import sys

import click

from slipway.cli.input.lifetime import LIFETIME
from slipway.cli.input.options import json_option, place_arguments, said, yes_option
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place, change
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when, words, yes
from slipway.cli.web import open_page, web_option
from slipway.client import segment

USERS = "/api/v1/users"
RECORD = Columns(
    (
        Column("user", "name"),
        Column("email"),
        Column("roles", show=words),
        Column("groups", show=words),
        Column("comes by", lambda one: "password and tokens" if one.get("has_password") else "tokens alone"),
        Column("invited until", "invited_until", when),
        Column("disabled", show=yes),
    )
)
TABLE = Columns(
    (
        Column("user", "name"),
        Column("email"),
        Column("roles", show=words),
        Column("groups", show=words),
        Column("", lambda one: "disabled" if one.get("disabled") else ""),
    ),
    none="nobody",
)
IN_PLACE = "In place of all that there are; may be given again, '' is none."


def _place(name: str) -> Place:
    return Place(path=f"{USERS}/{segment(name)}", title=f"user {name}", name=name)


@click.group()
@json_option
def user() -> None:
    """People; for admins.

    Example: slipway user list
    """


@user.command()
@place_arguments(_place)
@click.option("--email", default="")
@click.option("--role", "roles", multiple=True, help="Such as admin, or project:shop:global:write; may be given again.")
@click.option("--group", "groups", multiple=True, help="May be given again.")
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin; without one they come by tokens.")
@json_option
def add(*, place: Place, email: str, roles: tuple[str, ...], groups: tuple[str, ...], password_stdin: bool) -> None:
    """Make a person known.

    Example: slipway user add ann --email ann@example.org --role project:shop:global:write
    """
    body: dict[str, object] = {"name": place.name, "email": email, "roles": list(roles), "groups": list(groups)}
    if password_stdin:
        body["password"] = sys.stdin.readline().rstrip("\n")
    with output.the_client() as api:
        made = api.post(USERS, body)
    output.show(made, lambda: f"added {place.title}")


@user.command()
@place_arguments(_place)
@click.option("--valid-for", type=LIFETIME, default="7d", show_default=True, help="How long; to 30 days.")
@json_option
def invite(*, place: Place, valid_for: int) -> None:
    """Invite a person who has no password to choose one, by `slipway login URL --invited`.

    The invitation is shown this once: alone on stdout. It is used once.

    Example: slipway user invite ann --valid-for 2d
    """
    with output.the_client() as api:
        made = api.post(f"{place.path}/invitation", {"expires_in": valid_for})
    output.note(f"invitation of {made['user']}, until {made['expires_at']}; shown this once")
    output.show(made, lambda: str(made["invitation"]))


@user.command("list")
@web_option
@json_option
def list_(*, web: bool) -> None:
    """All people by name.

    Example: slipway user list
    """
    from slipway.cli.places.pages import items

    if web:
        open_page("access")
        return
    with output.the_client() as api:
        found = list(items(api, USERS, {}))
    output.show(found, lambda: TABLE.table(found))


@user.command()
@place_arguments(_place)
@web_option
@json_option
def show(*, place: Place, web: bool) -> None:
    """A person, to admins and to themselves.

    Example: slipway user show ann
    """
    if web:
        open_page(f"access/people/{segment(place.name)}")
        return
    with output.the_client() as api:
        found = api.get(place.path)
    output.show(found, lambda: RECORD.record(found))


@user.command()
@place_arguments(_place)
@click.option("--email")
@click.option("--role", "roles", multiple=True, help=IN_PLACE)
@click.option("--group", "groups", multiple=True, help=IN_PLACE)
@click.option("--password-stdin", is_flag=True, help="Read a new password from stdin.")
@click.option("--disable/--enable", "disabled", default=None, help="Whether they may come in at all.")
@json_option
def edit(*, place: Place, password_stdin: bool, **given: object) -> None:
    """Change a person: what is not said stays as it is, the password too.

    Example: slipway user edit ann --group ops
    """
    changes = said(**given)
    if password_stdin:
        changes["password"] = sys.stdin.readline().rstrip("\n")
    with output.the_client() as api:
        found = change(api, place, changes, keep=("email", "roles", "groups", "disabled"))
    output.show(found, lambda: RECORD.record(found))


@user.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Forget a person; their tokens hold no more.

    Example: slipway user remove ann --yes
    """
    remove_at(place, yes=yes)
