"""`slipway runner`: run a runner on this machine; with `list` see which there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from slipway.cli.input.options import json_option
from slipway.cli.lazy import LazyCommand, LazyGroup
from slipway.cli.show import output
from slipway.cli.show.columns import Column, Columns, when, yes
from slipway.cli.web import open_page, page_of, web_option

GIVEN = "slipway.runner"


def _up(one: Mapping[str, Any]) -> str:
    drained = one.get("drained_by")
    return f"drained by {drained}" if drained and one["up"] else yes(one["up"])


def _labels(one: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in (one.get("labels") or {}).items())


TABLE = Columns(
    (
        Column("pool"),
        Column("runner", "name"),
        Column("up", _up),
        Column("busy"),
        Column("slots"),
        Column("last seen", "seen_at", when),
        Column("labels", _labels, is_spare=True),
        Column("version", is_spare=True),
    ),
    none="no runners: start one with `slipway runner`",
)


class _Runner(LazyGroup):
    """The runner itself, whose arguments it reads by itself, and the commands about runners."""

    commands_by_name = {
        "list": LazyCommand("slipway.cli.commands.runners:list_", "The runners there are, by pool.", "See"),
        "drain": LazyCommand("slipway.cli.commands.runners:drain", "Give a runner no more jobs.", "Use"),
    }

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the arguments for the runner, unless the first one is a command."""
        if args[:1] and args[0] in self.commands_by_name:
            return super().parse_args(ctx, args)
        ctx.meta[GIVEN] = args
        return super().parse_args(ctx, [])


@click.group(cls=_Runner, invoke_without_command=True, add_help_option=False)
@click.pass_context
def runner(ctx: click.Context) -> int:
    """Lease jobs and do them on this machine; `slipway runner --help` says more.

    Example: slipway runner --pool gpu --slots 2
    """
    from slipway.runner.command import main

    return main(ctx.meta[GIVEN]) if GIVEN in ctx.meta else 0


@click.command("list")
@click.option("--pool", default="", help="Of this pool alone.")
@web_option
@json_option
def list_(*, pool: str, web: bool) -> None:
    """The runners of the pools that do jobs of projects one may read.

    Example: slipway runner list --pool gpu
    """
    if web:
        open_page(page_of("runners", {"pool": pool}))
        return
    with output.the_client() as api:
        found = api.get("/api/v1/runners", **({"pool": pool} if pool else {}))
    output.show(found, lambda: TABLE.table(found))


@click.command()
@click.argument("name")
@click.option("--pool", default="default", show_default=True, help="The pool that it is of.")
@click.option("--undo", is_flag=True, help="Give it jobs again.")
@json_option
def drain(name: str, pool: str, *, undo: bool) -> None:
    """Give runner NAME no more jobs, within 15 s; what it does goes on to its end. For admins.

    Example: slipway runner drain gpu-1 --pool gpu
    """
    from slipway.client import segment

    with output.the_client() as api:
        path = f"/api/v1/runners/{segment(pool)}/{segment(name)}/drain"
        shown = api.post(path, {"drained": not undo})
    held = f", and holds {shown['busy']}" if shown["busy"] else ""
    said = "is given jobs again" if undo else f"is given no more jobs{held}"
    output.show(shown, lambda: f"runner {name} of pool {pool} {said}")
