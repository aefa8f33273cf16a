"""Groups that import a command only when it is called, so that help and completion are fast."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import click
from click.shell_completion import CompletionItem

from slipway.cli.named import with_names

EXAMPLE = "Example: "


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command that is not imported yet. target: `module:attribute`. help: one line. section: its heading."""

    target: str
    help: str
    section: str = "Commands"


class LazyGroup(click.Group):
    """A group that knows only names and help lines of its commands until one is called."""

    commands_by_name: Mapping[str, LazyCommand] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the table."""
        return list(self.commands_by_name)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return the command of that name."""
        entry = self.commands_by_name.get(cmd_name)
        return loaded(entry) if entry is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands under the headings of their sections."""
        width = max(len(name) for name in self.commands_by_name)
        for section, rows in groupby(self.commands_by_name.items(), key=lambda item: item[1].section):
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), entry.help) for name, entry in rows])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names of commands, without importing them, then options."""
        named = [(name, entry) for name, entry in self.commands_by_name.items() if name.startswith(incomplete)]
        items = [CompletionItem(name, help=entry.help) for name, entry in named]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]


def loaded(entry: LazyCommand) -> click.Command:
    """Import and return the command."""
    module, _, attribute = entry.target.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    return with_names(with_examples(command))


def with_examples(command: click.Command) -> click.Command:
    """Move the lines `Example: …` of a docstring to the end of the help, where each stays one line; in subcommands too.

    Returns the command itself.
    """
    lines = (command.help or "").splitlines()
    if examples := [line.strip().removeprefix(EXAMPLE) for line in lines if line.strip().startswith(EXAMPLE)]:
        command.help = "\n".join(line for line in lines if not line.strip().startswith(EXAMPLE)).strip()
        command.epilog = "\n\n".join(filter(None, (_block(examples), command.epilog)))
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        with_examples(one)
    return command


def _block(examples: list[str]) -> str:
    # By the sign of a backspace click leaves a paragraph as it is.
    return "\n".join(("\b", "Examples:" if len(examples) > 1 else "Example:", *(f"  {one}" for one in examples)))
