"""`slipway service-account …`."""

from __future__ import annotations

import click

from slipway.cli.input.options import arguments, json_option, place_arguments, yes_option
from slipway.cli.places.paths import project_path
from slipway.cli.places.removal import remove_at
from slipway.cli.places.saved import Place
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name, when
from slipway.client import segment

TABLE = Columns(
    (Column("account", KEY), Column("may", "role"), Column("team"), Column("added", "created_at", when)),
    none="no service accounts",
)


def _all_path(project: str) -> str:
    return f"{project_path(project)}service-accounts/"


def _place(project: str, name: str) -> Place:
    path = f"{_all_path(project)}{segment(name)}/"
    return Place(path=path, title=f"service account {name} of {project}", name=name)


@click.group("service-account")
@json_option
def account() -> None:
    """Service accounts: machines that act in a project.

    Example: slipway service-account list shop
    """


@account.command()
@place_arguments(_place)
@click.option("--role", type=click.Choice(["read", "write", "owner"]), default="read", show_default=True)
@click.option("--team", default="", help="Whom it belongs to; approvals of that team are open to it.")
@json_option
def add(*, place: Place, role: str, team: str) -> None:
    """Let a machine act in PROJECT. Its secret is shown this once: alone on stdout, to be piped.

    Example: slipway service-account add shop ci --role write
    """
    with output.the_client() as api:
        made = api.post(place.path, {"role": role, **({"team": team} if team else {})})
    output.note(f"{place.title} logs in by `slipway login URL --user {place.name}`; shown this once")
    output.show(made, lambda: str(made["secret_token"]))


@account.command("list")
@arguments("project")
@json_option
def list_(project: str) -> None:
    """The service accounts of PROJECT.

    Example: slipway service-account list shop
    """
    with output.the_client() as api:
        found = api.get(_all_path(project))
    output.show(found, lambda: TABLE.table(by_name(found)))


@account.command("remove")
@place_arguments(_place)
@yes_option
@json_option
def remove_(*, place: Place, yes: bool) -> None:
    """Forget a service account; its sessions hold no more.

    Example: slipway service-account remove shop ci --yes
    """
    remove_at(place, yes=yes)
