"""The command `slipway`: the table of its commands, and their exit codes. `commands` implements them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.lazy import LazyCommand, LazyGroup, with_examples
from slipway.cli.show.output import choose_json, print_json, side_console, wants_json, write
from slipway.client_error import ApiError

if TYPE_CHECKING:
    from slipway.cli.show.error_block import ErrorReport

_ROOM = "slipway.cli.commands"
_RUNS, _SETUP, _ACCESS, _HERE = "What runs, what is where", "What there is", "Who may", "This machine"
TABLE = {
    "run": LazyCommand(f"{_ROOM}.runs.runs:run", "List, watch, decide about and read the logs of runs.", _RUNS),
    "inbox": LazyCommand(f"{_ROOM}.runs.inbox:inbox", "What waits for your word; decide about many at once.", _RUNS),
    "why": LazyCommand(f"{_ROOM}.runs.why:why", "Why a run does not go on, and who may act.", _RUNS),
    "freeze": LazyCommand(f"{_ROOM}.freezes:freeze", "Freeze environments; list and lift freezes.", _RUNS),
    "calendar": LazyCommand(f"{_ROOM}.freezes:calendar", "What a month brings; when one may deploy next.", _RUNS),
    "stop": LazyCommand(f"{_ROOM}.freezes:stop", "Stop the line for a while.", _RUNS),
    "resume": LazyCommand(f"{_ROOM}.freezes:resume", "Let the line go on.", _RUNS),
    "deploy": LazyCommand(f"{_ROOM}.runs.deploy:deploy", "Deploy a release, or an earlier one again.", _RUNS),
    "rollback": LazyCommand(f"{_ROOM}.runs.rollback:rollback", "Back to what was deployed well before.", _RUNS),
    "state": LazyCommand(f"{_ROOM}.projects.state:state", "What is where, now or at an instant.", _RUNS),
    "matrix": LazyCommand(
        f"{_ROOM}.runs.matrix:matrix", "What is where, in all environments, and what is behind.", _RUNS
    ),
    "events": LazyCommand(f"{_ROOM}.events:events", "What occurs, in one order; follow it as it comes.", _RUNS),
    "diff": LazyCommand(f"{_ROOM}.projects.diff:diff", "What differs between environments, or then and now.", _RUNS),
    "history": LazyCommand(
        f"{_ROOM}.projects.history:history", "What was done to a deployment, or an environment, newest first.", _RUNS
    ),
    "webhook": LazyCommand(f"{_ROOM}.webhooks:webhook", "Who is called for events; what became of it.", _RUNS),
    "insights": LazyCommand(f"{_ROOM}.insights:insights", "Numbers of delivery, week by week.", _RUNS),
    "deployment": LazyCommand(f"{_ROOM}.projects.deployments:deployment", "Forget the state of a deployment.", _RUNS),
    "task": LazyCommand(
        f"{_ROOM}.workloads.tasks:task", "Deploy, list, show and delete the Deploy API's tasks; their logs.", _RUNS
    ),
    "task-pipeline": LazyCommand(
        f"{_ROOM}.workloads.task_pipelines:task_pipeline", "Run, list, show, kill and retry pipelines of tasks.", _RUNS
    ),
    "repository": LazyCommand(
        f"{_ROOM}.workloads.repositories:repository",
        "Register, list, edit and remove what tasks come from.",
        _RUNS,
    ),
    "pods": LazyCommand(f"{_ROOM}.workloads.pods:pods", "Pods of the Deploy API's tasks, and their logs.", _RUNS),
    "project": LazyCommand(
        f"{_ROOM}.projects.projects:project", "Add, list, show, edit, remove projects; import their states.", _SETUP
    ),
    "env": LazyCommand(
        f"{_ROOM}.projects.environments:env", "Add, list, show, order, edit and remove environments.", _SETUP
    ),
    "repo": LazyCommand(f"{_ROOM}.projects.repositories:repo", "Add, list, edit and remove git repositories.", _SETUP),
    "build": LazyCommand(
        f"{_ROOM}.definitions.builds:build", "Add, list, show, edit, trigger and remove builds.", _SETUP
    ),
    "job": LazyCommand(
        f"{_ROOM}.definitions.jobs:job", "Add, list, show, edit, trigger and remove deployment jobs.", _SETUP
    ),
    "pipeline": LazyCommand(
        f"{_ROOM}.definitions.pipelines:pipeline", "Add, list, show, edit, trigger and remove pipelines.", _SETUP
    ),
    "train": LazyCommand(
        f"{_ROOM}.trains.trains:train", "Plan, list, show, cancel and restore trains; their templates.", _SETUP
    ),
    "snapshot": LazyCommand(
        f"{_ROOM}.trains.snapshots:snapshot", "Make, list, show, deploy and reject snapshots of a train.", _SETUP
    ),
    "release": LazyCommand(f"{_ROOM}.releases.releases:release", "See releases, move packages, tag, yank.", _SETUP),
    "upload": LazyCommand(f"{_ROOM}.releases.packages:upload", "Register a release and upload its package.", _SETUP),
    "namespace": LazyCommand(
        f"{_ROOM}.releases.namespaces:namespace", "Add, list, show, edit and remove namespaces.", _SETUP
    ),
    "hook": LazyCommand(f"{_ROOM}.releases.hooks:hook", "Who is told when a package was uploaded.", _SETUP),
    "login": LazyCommand(f"{_ROOM}.access.login:login", "Log in to a platform.", _ACCESS),
    "logout": LazyCommand(f"{_ROOM}.access.login:logout", "End the session and forget it.", _ACCESS),
    "password": LazyCommand(f"{_ROOM}.access.login:password", "Take another password.", _ACCESS),
    "context": LazyCommand(f"{_ROOM}.access.contexts:context", "List logins; say which one is in use.", _ACCESS),
    "whoami": LazyCommand(f"{_ROOM}.access.login:whoami", "Who asks, and what they may do.", _ACCESS),
    "token": LazyCommand(f"{_ROOM}.access.tokens:token", "Issue, list and revoke tokens.", _ACCESS),
    "user": LazyCommand(f"{_ROOM}.access.users:user", "Add, list, show, edit and remove people.", _ACCESS),
    "why-may": LazyCommand(
        f"{_ROOM}.access.why_may:why_may", "Why a person may do something in a project, or may not.", _ACCESS
    ),
    "group": LazyCommand(f"{_ROOM}.access.groups:group", "Say which roles groups give; list and remove them.", _ACCESS),
    "service-account": LazyCommand(
        f"{_ROOM}.access.accounts:account", "Add, list and remove machines that act in projects.", _ACCESS
    ),
    "audit": LazyCommand(
        f"{_ROOM}.access.audit:audit", "Who did what when; `audit verify` proves it unchanged.", _ACCESS
    ),
    "up": LazyCommand(f"{_ROOM}.platform:up", "Start the platform on this machine.", _HERE),
    "runner": LazyCommand(f"{_ROOM}.runners:runner", "Lease jobs and do them here; `list` them.", _HERE),
    "open": LazyCommand(f"{_ROOM}.access.open_console:open_", "Open the web console in a browser.", _HERE),
    "status": LazyCommand(f"{_ROOM}.platform:status", "Whether the platform answers, and to whom.", _HERE),
    "mail": LazyCommand(f"{_ROOM}.mail:mail", "The mail that `make up` keeps instead of sending it.", _HERE),
    "completion": LazyCommand(f"{_ROOM}.platform:completion", "Print the completion script of a shell.", _HERE),
}


class Slipway(LazyGroup):
    """The outermost group: it turns every error into one printed block and an exit code."""

    commands_by_name = TABLE

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run the command and exit with its code."""
        extra["standalone_mode"] = False
        try:
            ended = super().main(*args, **extra)
        except click.exceptions.Abort:
            side_console().print("\nstopped")
            sys.exit(ExitCode.INTERRUPTED)
        except click.ClickException as error:
            words = extra.get("args") or (args[0] if args else sys.argv[1:])
            sys.exit(_code_of_misuse(error, as_json="--json" in words))
        sys.exit(ended if isinstance(ended, int) else ExitCode.OK)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; exit if one is no UTF-8, for nothing could send it."""
        for place, one in enumerate(args, start=1):
            if any("\ud800" <= letter <= "\udfff" for letter in one):
                choose_json(ctx, click.Option(["--json"]), "--json" in args)
                why = f"argument {place} is no UTF-8: {one!a}"
                sys.exit(_code_of(CommandError(why, "write it in UTF-8", code=ExitCode.USAGE)))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run the command; print its error, if it fails, and return the exit code."""
        try:
            return super().invoke(ctx)
        except (ApiError, CommandError) as error:
            return _code_of(error)


@with_examples
@click.group(
    cls=Slipway,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 ok, 1 failed, 2 cancelled, 3 not found, 4 not allowed, 64 wrong usage, 69 nobody answers.",
)
@json_option
@click.version_option(package_name="slipway", prog_name="slipway")
def cli() -> None:
    """Take changes from a commit to production: watch runs, decide, deploy, and see what is where.

    Example: slipway run watch shop/delivery
    Example: slipway why shop/delivery
    Example: slipway inbox
    """


def main() -> None:
    """The program."""
    cli(prog_name="slipway")


def _code_of_misuse(error: click.ClickException, *, as_json: bool) -> int:
    from slipway.cli.guidance.usage import misused

    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        error.show()
        return ExitCode.USAGE
    return _told(misused(error), as_json=as_json)


def _code_of(error: ApiError | CommandError) -> int:
    from slipway.cli.guidance.advice import advised

    return _told(advised(error), as_json=wants_json())


def _told(report: ErrorReport, *, as_json: bool) -> int:
    from slipway.cli.show import error_block

    if as_json:
        print_json(error_block.as_json(report))
    write(side_console(), error_block.block(report))
    return report.code


if __name__ == "__main__":
    main()
