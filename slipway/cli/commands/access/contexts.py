"""`slipway context …`: logins under names, to change between platforms."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns
from slipway.cli.show.nearest import did_you_mean
from slipway.contexts import UnknownContextError, contexts, use_context

TABLE = Columns(
    (
        Column("", lambda one: "*" if one["in_use"] else ""),
        Column("context", "name"),
        Column("platform", "api"),
        Column("as", "user"),
    ),
    none="nobody is logged in: `slipway login URL`",
)


@click.group()
@json_option
def context() -> None:
    """Logins under names: the one in use says which platform is asked, and as whom.

    `slipway login URL --context NAME` makes one; `here` is the platform of this machine. SLIPWAY_CONTEXT names the one
    of a single command.

    Example: slipway context use production
    """


@context.command("list")
@json_option
def list_() -> None:
    """The logins; a star marks the one in use.

    Example: slipway context list
    """
    found = list(_known())
    output.show(found, lambda: TABLE.table(found))


@context.command()
@click.argument("name", metavar="CONTEXT")
@json_option
def use(name: str) -> None:
    """Make a login the one in use.

    Example: slipway context use production
    """
    try:
        session = use_context(os.environ, name)
    except UnknownContextError as error:
        hint = did_you_mean(name, contexts(os.environ)) or "make one with `slipway login URL --context NAME`"
        raise CommandError(str(error), hint, code=ExitCode.NOT_FOUND) from error
    user = f" as {session.name}" if session.name else ""
    output.show({"name": name, "api": session.api}, lambda: f"{name} is in use: {session.api}{user}")


def _known() -> Iterator[dict[str, Any]]:
    in_use = output.found_session()
    for name, one in contexts(os.environ).items():
        is_in_use = in_use is not None and (one.api, one.token) == (in_use.api, in_use.token)
        yield {"name": name, "api": one.api, "user": one.name, "in_use": is_in_use}
