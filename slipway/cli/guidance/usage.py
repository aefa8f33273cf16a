"""Wrong usage: what was not understood, and what may have been meant."""

from __future__ import annotations

from collections.abc import Iterator

import click

from slipway.cli.exit_codes import ExitCode
from slipway.cli.show.error_block import ErrorReport
from slipway.cli.show.nearest import alike

VERBS = {
    "create": "add", "new": "add", "delete": "remove", "rm": "remove", "del": "remove", "ls": "list", "all": "list",
    "update": "edit", "change": "edit", "set": "edit", "get": "show", "describe": "show", "view": "show",
    "info": "show", "start": "trigger", "run": "trigger", "log": "logs", "stop": "cancel", "tail": "logs",
}  # fmt: skip
"""Verbs of other programs, and which one it is here."""


def misused(error: click.ClickException) -> ErrorReport:
    """Return the report of what click could not understand."""
    code = ExitCode.USAGE if isinstance(error, click.UsageError) else ExitCode.FAILED
    message, hint = _told(error)
    return ErrorReport(message=message, problems=(), hint=hint, code=code)


def _told(error: click.ClickException) -> tuple[str, str]:
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    if ctx is None:
        return _lower(error.format_message()), ""
    help_ = f"see `{ctx.command_path} --help`"
    match error:
        case click.exceptions.NoSuchCommand():
            meant = [f"`{one}`" for one in _commands_like(ctx, error.command_name)]
            return f"{ctx.command_path} has no command {error.command_name}", _asked(meant) or help_
        case click.exceptions.NoSuchOption():
            known = [name for parameter in ctx.command.params for name in parameter.opts]
            return (
                f"{ctx.command_path} has no option {error.option_name}",
                _asked(alike(error.option_name, known)) or help_,
            )
        case click.exceptions.NoArgsIsHelpError():
            return f"{ctx.command_path} wants a command", help_
        case _:
            return _lower(error.format_message()), f"{ctx.get_usage().replace('Usage:', 'write').strip()}; {help_}"


def _commands_like(ctx: click.Context, given: str) -> list[str]:
    """Whole commands that may have been meant: of this group by name or verb, or of that name in another one."""
    group = ctx.command
    assert isinstance(group, click.Group)  # noqa: S101 - click raises this for groups alone
    own = group.list_commands(ctx)
    near = [one for one in (VERBS.get(given), given.removesuffix("s")) if one in own] or alike(given, own)
    if near:
        return [f"{ctx.command_path} {one}" for one in near]
    return [f"{ctx.find_root().command_path} {one}" for one in _elsewhere(ctx.find_root(), given)]


def _elsewhere(root: click.Context, given: str) -> Iterator[str]:
    """Yield groups with a command of this name, `run approve` for `approve`."""
    top = root.command
    assert isinstance(top, click.Group)  # noqa: S101 - the program's own
    for name in top.list_commands(root):
        command = top.get_command(root, name)
        if isinstance(command, click.Group) and given in command.list_commands(root):
            yield f"{name} {given}"


def _asked(meant: list[str]) -> str:
    return f"did you mean {' or '.join(meant)}?" if meant else ""


def _lower(message: str) -> str:
    """The message in the manner of all others: it begins small, and has no full stop."""
    return (message[:1].lower() + message[1:]).rstrip(".")
