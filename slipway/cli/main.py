"""The command `slipway`: the table of its commands, and how each ends. What they do stands in `commands`."""

from __future__ import annotations

import sys
from typing import Any

import click

from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.cli.lazy import Later, LazyGroup
from slipway.cli.output import choose_json, print_json, side_console, wants_json, write
from slipway.client_error import ApiError

_ROOM = "slipway.cli.commands"
_RUNS, _SETUP, _ACCESS, _HERE = "What runs, what is where", "What there is", "Who may", "This machine"
TABLE = {
    "run": Later(f"{_ROOM}.runs.runs:run", "List, watch, decide about and read the logs of runs.", _RUNS),
    "deploy": Later(f"{_ROOM}.runs.deploy:deploy", "Deploy a release, or an earlier one again.", _RUNS),
    "state": Later(f"{_ROOM}.projects.state:state", "What is where, now or at an instant.", _RUNS),
    "history": Later(f"{_ROOM}.projects.history:history", "What was done to a deployment, newest first.", _RUNS),
    "deployment": Later(f"{_ROOM}.projects.deployments:deployment", "Forget the state of a deployment.", _RUNS),
    "project": Later(
        f"{_ROOM}.projects.projects:project", "Add, list, show, edit, remove projects; import their states.", _SETUP
    ),
    "env": Later(f"{_ROOM}.projects.environments:env", "Add, list, show, order, edit and remove environments.", _SETUP),
    "repo": Later(f"{_ROOM}.projects.repositories:repo", "Add, list, edit and remove git repositories.", _SETUP),
    "build": Later(f"{_ROOM}.definitions.builds:build", "Add, list, show, edit, trigger and remove builds.", _SETUP),
    "job": Later(f"{_ROOM}.definitions.jobs:job", "Add, list, show, edit, trigger and remove deployment jobs.", _SETUP),
    "pipeline": Later(
        f"{_ROOM}.definitions.pipelines:pipeline", "Add, list, show, edit, trigger and remove pipelines.", _SETUP
    ),
    "release": Later(f"{_ROOM}.releases.releases:release", "See releases, move packages, tag, yank.", _SETUP),
    "upload": Later(f"{_ROOM}.releases.packages:upload", "Register a release and upload its package.", _SETUP),
    "namespace": Later(
        f"{_ROOM}.releases.namespaces:namespace", "Add, list, show, edit and remove namespaces.", _SETUP
    ),
    "hook": Later(f"{_ROOM}.releases.hooks:hook", "Who is told when a package was uploaded.", _SETUP),
    "login": Later(f"{_ROOM}.access.login:login", "Log in to a platform.", _ACCESS),
    "logout": Later(f"{_ROOM}.access.login:logout", "End the session and forget it.", _ACCESS),
    "whoami": Later(f"{_ROOM}.access.login:whoami", "Who asks, and what they may do.", _ACCESS),
    "token": Later(f"{_ROOM}.access.tokens:token", "Issue, list and revoke tokens.", _ACCESS),
    "user": Later(f"{_ROOM}.access.users:user", "Add, list, show, edit and remove people.", _ACCESS),
    "group": Later(f"{_ROOM}.access.groups:group", "Say which roles groups give; list and remove them.", _ACCESS),
    "service-account": Later(
        f"{_ROOM}.access.accounts:account", "Add, list and remove machines that act in projects.", _ACCESS
    ),
    "audit": Later(f"{_ROOM}.access.audit:audit", "Who did what when; `audit verify` proves it unchanged.", _ACCESS),
    "up": Later(f"{_ROOM}.platform:up", "Start the platform on this machine.", _HERE),
    "runner": Later(f"{_ROOM}.platform:runner", "Lease jobs and do them on this machine.", _HERE),
    "status": Later(f"{_ROOM}.platform:status", "Whether the platform answers, and to whom.", _HERE),
    "completion": Later(f"{_ROOM}.platform:completion", "Print the completion script of a shell.", _HERE),
}


class Slipway(LazyGroup):
    """The outermost group: it turns every ending into an exit code, and every trouble into one clear block."""

    later = TABLE

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run the command and exit with its code."""
        extra["standalone_mode"] = False
        try:
            ended = super().main(*args, **extra)
        except click.exceptions.Abort:
            side_console().print("\nstopped")
            sys.exit(ExitCode.INTERRUPTED)
        except click.ClickException as error:
            error.show()
            sys.exit(ExitCode.USAGE if isinstance(error, click.UsageError) else ExitCode.FAILED)
        sys.exit(ended if isinstance(ended, int) else ExitCode.OK)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Do what is asked, or say what is wrong and with which code it ends."""
        try:
            return super().invoke(ctx)
        except (ApiError, Trouble) as error:
            return _code_of(error)


@click.group(
    cls=Slipway,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 ok, 1 failed, 2 cancelled, 3 not found, 4 not allowed, 64 wrong usage, 69 nobody answers.",
)
@click.option("--json", is_flag=True, expose_value=False, callback=choose_json, help="Answer in JSON, nothing else.")
@click.version_option(package_name="slipway", prog_name="slipway")
def cli() -> None:
    """Take changes from a commit to production: watch runs, decide, deploy, and see what is where."""


def main() -> None:
    """The program."""
    cli(prog_name="slipway")


def _code_of(error: ApiError | Trouble) -> int:
    from slipway.cli import error_block as trouble_block

    told = trouble_block.told(error)
    if wants_json():
        print_json(trouble_block.as_json(told))
    write(side_console(), trouble_block.block(told))
    return told.code


if __name__ == "__main__":
    main()
