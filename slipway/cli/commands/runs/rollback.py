"""`slipway rollback`: back to the release that was deployed well before."""

from __future__ import annotations

import sys

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import arguments, json_option, yes_option
from slipway.cli.runs.started import started
from slipway.cli.show import output


@click.command()
@arguments("project", "environment", "deployment")
@yes_option
@click.option("--plan", is_flag=True, help="Only tell what it would change, and change nothing.")
@click.option("--wait/--no-wait", "wait", default=True, show_default=True, help="Watch the run to its end.")
@json_option
def rollback(*, project: str, environment: str, deployment: str, yes: bool, plan: bool, wait: bool) -> ExitCode:
    """Deploy again what was deployed well before DEPLOYMENT in ENVIRONMENT of PROJECT became what it is.

    What that changes, and what it does not undo, is told before, and asked about on a terminal. The exit code is the
    run's outcome.

    Example: slipway rollback shop production web
    """
    from slipway.cli.changes.plan import rollback_plan
    from slipway.cli.places.paths import deployment_path
    from slipway.cli.runs.screens import drawing

    path, title = f"{deployment_path(project, environment, deployment)}/rollback", f"{deployment} in {environment}"
    with output.the_client() as api:
        shown = api.get(path)
        if plan:
            output.show(shown, lambda: rollback_plan(shown, title, drawing()))
            return ExitCode.OK
        if not output.wants_json():
            output.write(output.side_console(), rollback_plan(shown, title, drawing()))
        _ask(title, yes=yes)
        run = api.post(path, {"digest": shown["changes"]["digest"]})["run"]
        return started(api, str(run), f"rolling {title} back to {shown['release']}", wait=wait)


def _ask(title: str, *, yes: bool) -> None:
    """Ask whether to roll back. Faults: CommandError."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CommandError(f"nobody was asked whether to roll {title} back", "add --yes", code=ExitCode.USAGE)
    if not click.confirm(f"roll {title} back?", err=True):
        raise CommandError(f"{title} is as it was: nothing was rolled back")
