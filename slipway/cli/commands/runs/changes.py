"""`slipway run changes`: what a decision about a run would let in."""

from __future__ import annotations

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option, run_argument
from slipway.cli.show import output


@click.command()
@run_argument
@click.argument("node", required=False, default="")
@json_option
def changes(reference: str, node: str) -> None:
    """What a decision about RUN lets in: commits, files, inputs and steps, against what is there.

    NODE names what waits where more than one thing does. Its digest binds an approval: `slipway run approve` sends it.

    Example: slipway run changes shop/delivery
    """
    from slipway.cli.changes.draw import tree
    from slipway.cli.changes.waiting import waiting_at
    from slipway.cli.commands.runs.decisions import find_target
    from slipway.cli.runs.read import run_id

    with output.the_client() as api:
        target = find_target(api, run_id(api, reference), node, "changes")
        shown = waiting_at(api, target.run, target.node, target.execution)
    if shown is None:
        why, hint = f"nothing in {reference} waits for a decision", "see what does with `slipway inbox`"
        raise CommandError(why, hint, code=ExitCode.NOT_FOUND)
    title = f"{target.title}, into {shown['environment'] or 'no environment'}"
    output.show(shown, lambda: tree(shown["changes"], title))
