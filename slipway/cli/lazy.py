"""Groups of commands that are loaded when they are used, so that help and completion are fast."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import click
from click.shell_completion import CompletionItem


@dataclass(frozen=True, slots=True)
class Later:
    """A command not yet loaded. target: `module:attribute`. help: one line. section: its heading."""

    target: str
    help: str
    section: str = "Commands"


class LazyGroup(click.Group):
    """A group whose commands are known by name and help alone until one is called."""

    later: Mapping[str, Later] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of the table."""
        return list(self.later)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, loaded now."""
        entry = self.later.get(cmd_name)
        return loaded(entry) if entry is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The names and what they are for, under their headings."""
        width = max(len(name) for name in self.later)
        for section, rows in groupby(self.later.items(), key=lambda item: item[1].section):
            with formatter.section(section):
                formatter.write_dl([(name.ljust(width), entry.help) for name, entry in rows])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names that begin so, without loading what they name; then the options."""
        named = [(name, entry) for name, entry in self.later.items() if name.startswith(incomplete)]
        items = [CompletionItem(name, help=entry.help) for name, entry in named]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]


def loaded(entry: Later) -> click.Command:
    """The command itself."""
    module, _, attribute = entry.target.partition(":")
    command: click.Command = getattr(importlib.import_module(module), attribute)
    return command
