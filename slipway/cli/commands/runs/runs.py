"""`slipway run …`: seeing and watching runs. Deciding about them stands in decisions.py."""

from __future__ import annotations

from typing import Any

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option, run_argument, within_option
from slipway.cli.lazy import LazyCommand, LazyGroup
from slipway.cli.show import output
from slipway.cli.web import open_page, page_of_run, web_option

_SEE, _DECIDE = "See", "Decide"
LONG = 60.0
"""Seconds that whoever watches waits for a platform that is started anew."""

_DECISIONS = "slipway.cli.commands.runs.decisions"


class _Run(LazyGroup):
    """The commands about runs."""

    commands_by_name = {
        "list": LazyCommand(
            "slipway.cli.commands.runs.find:list_", "The runs of one project, or of all, newest first.", _SEE
        ),
        "show": LazyCommand("slipway.cli.commands.runs.runs:show", "A run as a tree, as it is now.", _SEE),
        "refold": LazyCommand(
            "slipway.cli.commands.runs.runs:refold", "Whether the engine would do the same today.", _SEE
        ),
        "watch": LazyCommand("slipway.cli.commands.runs.runs:watch", "A run as a tree, live, to its end.", _SEE),
        "logs": LazyCommand("slipway.cli.commands.runs.runs:logs", "The logs of a run or of one step.", _SEE),
        "changes": LazyCommand("slipway.cli.commands.runs.changes:changes", "What a decision about it lets in.", _SEE),
        "approve": LazyCommand(f"{_DECISIONS}:approve", "Say yes to what waits.", _DECIDE),
        "reject": LazyCommand(f"{_DECISIONS}:reject", "Say no to what waits.", _DECIDE),
        "override": LazyCommand(f"{_DECISIONS}:override", "Let a gate or step count as done.", _DECIDE),
        "revoke": LazyCommand(f"{_DECISIONS}:revoke", "Take your approval back.", _DECIDE),
        "cancel": LazyCommand(f"{_DECISIONS}:cancel", "Stop a run.", _DECIDE),
        "retry": LazyCommand(f"{_DECISIONS}:retry", "Do again what failed.", _DECIDE),
        "replay": LazyCommand(f"{_DECISIONS}:replay", "Do a stage once more.", _DECIDE),
        "abort": LazyCommand(f"{_DECISIONS}:abort", "Stop a stage.", _DECIDE),
        "pass": LazyCommand(f"{_DECISIONS}:pass_", "Let a stage pass a freeze.", _DECIDE),
        "redeploy": LazyCommand(f"{_DECISIONS}:redeploy", "Deploy what a run carried again.", _DECIDE),
        "promote": LazyCommand(f"{_DECISIONS}:promote", "Go on to a stage, now or at a time.", _DECIDE),
    }


@click.group(cls=_Run)
@json_option
def run() -> None:
    """See, watch and decide about runs.

    RUN is an id, PROJECT/PIPELINE for its latest run, PROJECT/PIPELINE#12, or build:PROJECT/ENVIRONMENT/NAME for a run
    of a build, job:PROJECT/ENVIRONMENT/NAME for one of a deployment job, task-pipeline:… and task:… for those of the
    Deploy API.

    Example: slipway run watch shop/delivery
    """


@click.command()
@run_argument
@web_option
@json_option
def show(*, reference: str, web: bool) -> None:
    """A run as a tree, as it is now.

    Example: slipway run show shop/delivery#12
    """
    from slipway.cli.runs.read import FamilyReader, run_id
    from slipway.cli.runs.screens import drawing
    from slipway.cli.runs.tree import tree

    with output.the_client() as api:
        run = run_id(api, reference)
        if web:
            open_page(page_of_run(run))
            return
        family = FamilyReader(api, run, timed=True).read(explained=True)
    output.show(family.shown, lambda: tree(family, drawing()))


@click.command()
@run_argument
@click.option(
    "--until",
    default="",
    metavar="PHASE|gate|NAME",
    help="Until something is in this phase, waits for a decision (gate), or what has this name has begun.",
)
@within_option
@json_option
def watch(reference: str, until: str, within: float) -> ExitCode:
    """A run as a tree, live, to its end; the exit code is its outcome.

    Without a terminal it prints a line for each change, with --json a line of JSON.

    Example: slipway run watch shop/delivery --until gate
    """
    from slipway.cli.runs.read import run_id_within
    from slipway.cli.runs.watch import watch as watch_run

    with output.the_client(LONG) as api:
        return watch_run(api, run_id_within(api, reference, within), until)


@click.command()
@run_argument
@json_option
def refold(*, reference: str) -> ExitCode:
    """Fold again what a run was given, by the platform's present engine; exit 1 where another result comes out.

    Example: slipway run refold web/hello
    """
    from slipway.cli.runs.read import run_id
    from slipway.client import segment

    with output.the_client() as api:
        found = api.get(f"/api/v1/runs/{segment(run_id(api, reference))}/refold")
    output.show(found, lambda: _refolded(found))
    return ExitCode.OK if found["same"] else ExitCode.FAILED


def _refolded(found: dict[str, Any]) -> str:
    if found["same"]:
        return f"the same comes out of {found['folds']} folds"
    return "\n".join(("another result comes out:", *map(str, found["differs"])))


@click.command()
@run_argument
@click.argument("step", required=False, default="")
@click.option("-f", "--follow", is_flag=True, help="Go on until the run has ended; the exit code is its outcome.")
@click.option("--failed", is_flag=True, help="Of steps that failed alone.")
@click.option("--tail", type=click.IntRange(0), metavar="LINES", help="So many lines from the end of each log.")
@click.option("--timestamps", is_flag=True, help="Each line with when it was said.")
@click.option("--grep", "pattern", metavar="REGEX", help="Lines in which it is found; with --tail the last of them.")
@within_option
@json_option
def logs(*, reference: str, pattern: str | None, within: float, **chosen: Any) -> ExitCode:  # noqa: ANN401 - fields
    """The logs of a run or of one STEP, or STAGE/STEP, with those of the runs that it started.

    Example: slipway run logs shop/delivery unit-tests --follow
    """
    import re

    from slipway.cli.runs.follow import Choice
    from slipway.cli.runs.follow import logs as print_logs
    from slipway.cli.runs.read import run_id_within

    try:
        choice = Choice(**chosen, pattern=re.compile(pattern) if pattern else None)
    except re.error as error:
        raise click.BadParameter(f"{pattern!r} is no regular expression: {error}", param_hint="--grep") from error
    with output.the_client(LONG) as api:
        return print_logs(api, run_id_within(api, reference, within), choice)
