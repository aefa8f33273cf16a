"""`slipway token …`."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.input.lifetime import LIFETIME
from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when, words
from slipway.cli.web import open_page, web_option
from slipway.client import segment

TABLE = Columns(
    (
        Column("id"),
        Column("kind", lambda one: str(one["kind"]) + (" session" if one.get("is_session") else "")),
        Column("owner"),
        Column("label"),
        Column("scopes", show=words),
        Column("issued", "created_at", when, is_spare=True),
        Column("expires", lambda one: when(one.get("expires_at")) or "never"),
        Column("last used", "used_at", when),
    ),
    none="no tokens",
)


@click.group()
@json_option
def token() -> None:
    """Issue, list and revoke tokens.

    Example: slipway token list
    """


@token.command()
@click.option("--label", default="", help="What it is for.")
@click.option("--scope", "scopes", multiple=True, help="What it may be used for; everything that you may, if left out.")
@click.option("--expires-in", type=LIFETIME, default="90d", show_default=True)
@click.option("--runner", default=None, metavar="NAME", help="Of a runner of this name; for admins.")
@click.option("--pool", "pools", multiple=True, help="From which the runner may lease; at least one.")
@click.option("--grant", "grants", multiple=True, help="An API key for this API, such as native; may be repeated.")
@click.option(
    "--user", default=None, help="As whom the key acts; without grants, for admins: of a person without a password."
)
@json_option
def issue(**options: Any) -> None:  # noqa: ANN401 - click hands over what the options say
    """Issue a token of your own or of a runner, or an API key. Its text is shown this once: alone on stdout.

    Example: slipway token issue --label laptop --expires-in 30d
    """
    body = {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
    body = {name: value for name, value in body.items() if value not in (None, [])}
    with output.the_client() as api:
        made = api.post("/api/v1/tokens", body)
    output.note(f"token {made['id']} of {made['owner']}, until {made.get('expires_at') or 'revoked'}; shown this once")
    output.show(made, lambda: str(made["token"]))


@token.command("list")
@click.option("--owner", default="", help="Such as user:ann; for admins.")
@click.option("--minted", is_flag=True, help="Those of runners and service accounts that you made.")
@web_option
@json_option
def list_(*, owner: str, minted: bool, web: bool) -> None:
    """Your tokens, newest first.

    Example: slipway token list --minted
    """
    from slipway.cli.places.pages import items

    if web:
        kind, _, name = owner.partition(":")
        open_page(f"access/people/{segment(name)}" if kind == "user" else "access")
        return
    asked = {**({"owner": owner} if owner else {}), **({"minted": "true"} if minted else {})}
    with output.the_client() as api:
        found = list(items(api, "/api/v1/tokens", asked))
    output.show(found, lambda: TABLE.table(found))


@token.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@json_option
def revoke(ids: tuple[str, ...]) -> None:
    """Let tokens hold no more; everywhere within 5 seconds.

    Example: slipway token revoke 01JX8V2M3N4P5Q6R7S8T9V0W1X
    """
    with output.the_client() as api:
        for one in ids:
            api.delete(f"/api/v1/tokens/{segment(one)}")
    output.show({"revoked": list(ids)}, lambda: f"revoked {', '.join(ids)}")
