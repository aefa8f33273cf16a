"""`slipway service-account …`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from slipway.cli import output as desk
from slipway.cli.options import json_option
from slipway.cli.paths import project_path
from slipway.cli.removal import confirm, remove, told, yes_option
from slipway.client import segment

if TYPE_CHECKING:
    from rich.console import RenderableType


@click.group("service-account")
@json_option
def account() -> None:
    """Service accounts: machines that act in a project."""


@account.command()
@click.argument("project")
@click.argument("name")
@click.option("--role", type=click.Choice(["read", "write", "owner"]), default="write", show_default=True)
@click.option("--team", default="", help="Whom it belongs to; approvals of that team are open to it.")
@json_option
def add(project: str, name: str, role: str, team: str) -> None:
    """Let a machine act in PROJECT. Its secret is shown this once: alone on stdout, to be piped."""
    with desk.the_client() as api:
        made = api.post(_path(project, name), {"role": role, **({"team": team} if team else {})})
    desk.note(f"service account {name} of {project} logs in by `slipway login URL --user {name}`; shown this once")
    desk.show(made, lambda: str(made["secret_token"]))


@account.command("list")
@click.argument("project")
@json_option
def list_(project: str) -> None:
    """The service accounts of PROJECT."""
    with desk.the_client() as api:
        found = api.get(f"{project_path(project)}service-accounts/")
    desk.show(found, lambda: _table(found))


@account.command("remove")
@click.argument("project")
@click.argument("name")
@yes_option
@json_option
def remove_(project: str, name: str, yes: bool) -> None:  # noqa: FBT001 - click's signature
    """Forget a service account; its sessions hold no more."""
    title = f"service account {name} of {project}"
    with desk.the_client() as api:
        confirm(title, yes=yes)
        gone = remove(api, _path(project, name))
    desk.show({"removed": name, **gone}, lambda: told(title, gone))


def _path(project: str, name: str) -> str:
    return f"{project_path(project)}service-accounts/{segment(name)}/"


def _table(found: dict[str, Any]) -> RenderableType:
    from slipway.cli.tables import listing
    from slipway.cli.times import now, since

    at = now()
    rows = [
        (name, str(one.get("role", "")), str(one.get("team", "")), since(one.get("created_at"), at))
        for name, one in found.items()
    ]
    return listing(("account", "may", "team", "added"), rows, none="no service accounts")
