"""`slipway webhook …`: who is called for events, and what became of it."""

from __future__ import annotations

import click

from slipway.cli.input.options import arguments, json_option, limit_option, yes_option
from slipway.cli.places import pages
from slipway.cli.places.removal import confirm
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, Row, when, words
from slipway.client import segment

WEBHOOKS = "/api/v1/webhooks"

project_option = click.option("-p", "--project", default="", help="Of this project; of all if left out, for admins.")


def _state(row: Row) -> str:
    if row["paused"]:
        return f"paused: {row['paused']}"
    return f"failing since {row['failing_since']}" if row["failing_since"] else "ok"


def _answer(row: Row) -> str:
    attempts = row["attempts"]
    return f"{attempts[-1]['said']} ({len(attempts)})" if attempts else ""


TABLE = Columns(
    (
        Column("webhook", "id"),
        Column("calls", "url"),
        Column("kinds", "kinds", words),
        Column("state", _state),
        Column("since", "at", when),
        Column("by", is_spare=True),
    ),
    none="no webhooks",
)
DELIVERIES = Columns(
    (
        Column("event", "id"),
        Column("type"),
        Column("status"),
        Column("at", "at", when),
        Column("answer", _answer),
        Column("next", "next_at", when),
    ),
    none="nothing was sent",
)


@click.group()
@json_option
def webhook() -> None:
    """Who is called for events of a project, signed by Standard Webhooks, and what became of it.

    Example: slipway webhook list -p web
    """


@webhook.command()
@click.argument("url")
@project_option
@click.option("--kind", "kinds", multiple=True, help="run, gate, deployment, release, or a type: run.ended.")
@click.option("--secret", default="", metavar="WHSEC", help="The signing secret; made if it is left out.")
@json_option
def add(*, url: str, project: str, kinds: tuple[str, ...], secret: str) -> None:
    """Call URL for events; the signing secret is shown once.

    Example: slipway webhook add https://chat.example.org/in -p web --kind deployment
    """
    with output.the_client() as api:
        made = api.post(WEBHOOKS, {"url": url, "kinds": list(kinds), "secret": secret}, **_of(project))
    output.show(made, lambda: TABLE.record(made, {"secret": made["secret"]}))


@webhook.command("list")
@project_option
@json_option
def list_(project: str) -> None:
    """The webhooks, with whether they go well.

    Example: slipway webhook list -p web
    """
    with output.the_client() as api:
        found = api.get(WEBHOOKS, **_of(project))["items"]
    output.show(found, lambda: TABLE.table(found))


@webhook.command()
@arguments("name")
@project_option
@yes_option
@json_option
def remove(*, name: str, project: str, yes: bool) -> None:
    """Remove the webhook NAME; what is on its way to it is not sent.

    Example: slipway webhook remove w0123456789a -p web
    """
    confirm(f"webhook {name}", yes=yes)
    with output.the_client() as api:
        api.delete(_place(name), **_of(project))
    output.note(f"webhook {name} is removed")


@webhook.command()
@arguments("name")
@project_option
@json_option
def resume(name: str, project: str) -> None:
    """Call the paused webhook NAME again, for what occurs from now on.

    Example: slipway webhook resume w0123456789a -p web
    """
    with output.the_client() as api:
        found = api.post(f"{_place(name)}/resume", **_of(project))
    output.show(found, lambda: TABLE.record(found))


@webhook.command()
@arguments("name")
@project_option
@limit_option
@json_option
def deliveries(*, name: str, project: str, limit: int) -> None:
    """What became of the events for the webhook NAME in 7 days, the latest first.

    Example: slipway webhook deliveries w0123456789a -p web
    """
    with output.the_client() as api:
        found = list(pages.items(api, f"{_place(name)}/deliveries", _of(project), limit))
    output.show(found, lambda: DELIVERIES.table(found))


@webhook.command()
@arguments("name", "event")
@project_option
@json_option
def redeliver(*, name: str, event: str, project: str) -> None:
    """Send EVENT to the webhook NAME again, under the id that it had.

    Example: slipway webhook redeliver w0123456789a 812.0 -p web
    """
    with output.the_client() as api:
        found = api.post(f"{_place(name)}/deliveries/{segment(event)}/redeliver", **_of(project))
    output.show(found, lambda: DELIVERIES.record(found))


def _place(name: str) -> str:
    return f"{WEBHOOKS}/{segment(name)}"


def _of(project: str) -> dict[str, str]:
    return {"project": project} if project else {}
