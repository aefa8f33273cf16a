"""`slipway hook …`: who is told when a package was uploaded."""

from __future__ import annotations

import base64
import secrets
import sys
from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import Command, arguments, json_option, yes_option
from slipway.cli.places.inventory_paths import parse_unit
from slipway.cli.places.removal import confirm
from slipway.cli.show import output
from slipway.cli.show.columns import KEY, Column, Columns, by_name

KINDS = ("events", "slack", "build")
_SECRET_BYTES = 32
_MARK = "whsec_"
TABLE = Columns(
    (
        Column("hook", KEY),
        Column("calls", "url"),
        Column("with", lambda one: " ".join(f"{name}={one[name]}" for name in one if name not in ("url", KEY))),
    ),
    none="no hooks",
)


def _hook_arguments(command: Command) -> Command:
    return arguments("unit")(click.argument("kind", type=click.Choice(KINDS))(command))


@click.group()
@json_option
def hook() -> None:
    """Set and show hooks: who is told when a package was uploaded.

    UNIT is NAMESPACE, or NAMESPACE/APP. KIND is events, slack, or, of applications, build.

    Example: slipway hook show demo
    """


@hook.command()
@arguments("unit")
@json_option
def show(unit: str) -> None:
    """The hooks of UNIT, without their secrets.

    Example: slipway hook show demo/app
    """
    with output.the_client() as api:
        found = api.get(f"{parse_unit(unit)}hooks/")
    output.show(found, lambda: TABLE.table(by_name(found)))


@hook.command("set")
@_hook_arguments
@click.option("--url", required=True, help="What is called.")
@click.option("--username", default="", help="As whom Slack shows it.")
@click.option("--icon-emoji", default="", help="With what Slack shows it.")
@click.option("--secret-stdin", is_flag=True, help="Sign calls with the secret on stdin.")
@click.option("--new-secret", is_flag=True, help="Sign calls with a new secret: shown this once, alone on stdout.")
@json_option
def set_(*, unit: str, kind: str, secret_stdin: bool, new_secret: bool, **settings: str) -> None:
    """Have KIND of hook of UNIT call an address; other kinds stay. A secret stays with its address.

    Example: slipway hook set demo/app events --url https://example.org/uploads --new-secret
    """
    secret = _secret(from_stdin=secret_stdin, is_new=new_secret)
    said = {name: value for name, value in {**settings, "secret": secret}.items() if value}
    told = _changed(unit, kind, said)
    if new_secret:
        output.note(f"set hook {kind} of {unit}; its secret is shown this once")
        output.show({**told, "secret": secret}, lambda: secret)
        return
    output.show(told, lambda: f"set hook {kind} of {unit}")


@hook.command()
@_hook_arguments
@yes_option
@json_option
def remove(*, unit: str, kind: str, yes: bool) -> None:
    """Have KIND of hook of UNIT call nobody any more.

    Example: slipway hook remove demo/app events --yes
    """
    confirm(f"hook {kind} of {unit}", yes=yes)
    told = _changed(unit, kind, None)
    output.show(told, lambda: f"removed hook {kind} of {unit}")


def _changed(unit: str, kind: str, settings: dict[str, str] | None) -> dict[str, object]:
    path = f"{parse_unit(unit)}hooks/"
    with output.the_client() as api:
        known: dict[str, Any] = api.get(path)
        if settings is None and kind not in known:
            raise CommandError(f"{unit} has no hook {kind}", f"slipway hook show {unit}", code=ExitCode.NOT_FOUND)
        others = {name: one for name, one in known.items() if name != kind}
        # All are replaced at once; the secret of one that is said again as it was stays.
        api.put(path, {**others, kind: settings} if settings is not None else others)
    return {"unit": unit, "hook": kind, "url": (settings or {}).get("url")}


def _secret(*, from_stdin: bool, is_new: bool) -> str:
    if from_stdin and is_new:
        raise click.UsageError("--secret-stdin and --new-secret do not go together")
    if is_new:
        return _MARK + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    return sys.stdin.readline().strip() if from_stdin else ""
