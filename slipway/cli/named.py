"""The type of words that may be names of something: shells complete them."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType


class NamedType(StringParamType):
    """A text. What it may name is found when a shell asks, by the parameter's own name."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Complete names of what there is."""
        from slipway.cli.guidance.completion import completed

        return [CompletionItem(one) for one in completed(ctx, param, incomplete)]


NAMED = NamedType()


def with_names(command: click.Command) -> click.Command:
    """Let shells complete the names that a command takes; in subcommands too. Returns the command itself."""
    for parameter in command.params:
        if type(parameter.type) is StringParamType:
            parameter.type = NAMED
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        with_names(one)
    return command
