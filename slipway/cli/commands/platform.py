"""What runs on this machine: the platform, and whether it answers; the completion of shells. Runners: runners.py."""

from __future__ import annotations

import importlib.util
import os
import sys
import time

import click
from click.shell_completion import get_completion_class

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.input.options import json_option
from slipway.cli.show import output

PASS_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.command(context_settings=PASS_ON, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def up(arguments: tuple[str, ...]) -> None:
    """Start the platform on this machine and keep it running until Ctrl-C.

    Example: slipway up
    """
    if importlib.util.find_spec("infra") is None:
        raise CommandError("the local platform is not installed here", "run `make up` in a checkout of Slipway")
    sys.stdout.flush()
    # This process becomes the platform, so that signals and its exit code are the platform's own.
    os.execv(sys.executable, [sys.executable, "-m", "infra.local", *arguments])  # noqa: S606 - no shell is wanted


@click.command()
@json_option
def status() -> None:
    """Whether the platform answers, how fast, and to whom.

    Example: slipway status
    """
    from slipway.cli.show.tables import record

    session = output.the_session()
    with output.client_of(session, patience=0.0) as api:
        began = time.monotonic()
        who = api.get("/api/v1/auth/whoami")
    took = round((time.monotonic() - began) * 1000)
    told = {"api": session.api, "answers": True, "milliseconds": took, "name": who["name"], "session": session.source}
    rows = {"platform": session.api, "answers": f"in {took} ms", "as": str(who["name"]), "session": session.source}
    output.show(told, lambda: record(rows))


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a SHELL.

    \b
    bash: eval "$(slipway completion bash)"           in ~/.bashrc
    zsh:  eval "$(slipway completion zsh)"            in ~/.zshrc
    fish: slipway completion fish > ~/.config/fish/completions/slipway.fish

    Example: slipway completion bash
    """
    from slipway.cli.main import cli

    maker = get_completion_class(shell)
    if maker is None:
        raise CommandError(f"no completion for {shell}", code=ExitCode.USAGE)
    made = maker(cli, {}, "slipway", "_SLIPWAY_COMPLETE")
    click.echo(made.source_template % made.source_vars())
