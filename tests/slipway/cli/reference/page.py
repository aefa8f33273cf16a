"""The part of docs/cli.md that is generated: what each command takes, and what it answers in the story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from slipway.cli.lazy import LazyGroup, loaded
from slipway.cli.main import TABLE, cli
from tests.slipway.cli.reference.story import Said

HEADING = "## Every command"
ABOUT = (
    "\nGenerated from the commands themselves; the answers are those of one story that a test tells. "
    "`--json`, `--wide` and `--help` go with each.\n"
)
EVERYWHERE = frozenset({"--json", "--wide", "--help"})
MOST_LINES = 14


def generated(story: Sequence[Said]) -> str:
    """The heading and all that stands below it."""
    parts = [HEADING, ABOUT]
    for section, entries in groupby(TABLE.items(), key=lambda item: item[1].section):
        parts.append(f"### {section}\n")
        for name, entry in entries:
            parts.extend(_told((name,), loaded(entry), story))
    return "\n".join(parts)


def commands_in(name: tuple[str, ...], command: click.Command) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield a command with its path, then those in it."""
    yield name, command
    if isinstance(command, LazyGroup):
        for inner, entry in command.commands_by_name.items():
            yield from commands_in((*name, inner), loaded(entry))
    elif isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from commands_in((*name, inner), one)


def _told(name: tuple[str, ...], command: click.Command, story: Sequence[Said]) -> Iterator[str]:
    for path, one in commands_in(name, command):
        if isinstance(one, click.Group) and not one.invoke_without_command:
            continue
        yield f"#### {' '.join(path)}\n"
        yield f"{_help(one)}\n"
        yield f"```\n{_usage(path, one)}\n```\n"
        if said := sessions_of(path, story):
            yield "```console\n" + "\n".join(map(_session, said)) + "\n```\n"


def sessions_of(path: tuple[str, ...], story: Sequence[Said]) -> list[Said]:
    """The lines of the story in which a command is said."""
    return [one for one in story if command_of(one) == path]


def command_of(said: Said) -> tuple[str, ...]:
    """The path of the command that a line says."""
    path: list[str] = []
    command: click.Command | None = cli
    for word in said.command:
        if not isinstance(command, click.Group) or word.startswith("-"):
            break
        command = command.get_command(click.Context(command), word)
        path.append(word)
    return tuple(path)


def _help(command: click.Command) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (command.help or "").replace("\b", "").split("\n\n"))


def _usage(path: tuple[str, ...], command: click.Command) -> str:
    ctx = click.Context(command, info_name=f"slipway {' '.join(path)}")
    options = [one for one in command.params if isinstance(one, click.Option) and not EVERYWHERE & set(one.opts)]
    rows = [row for row in (one.get_help_record(ctx) for one in options) if row is not None]
    width = max((len(name) for name, _ in rows), default=0)
    usage = command.get_usage(ctx).removeprefix("Usage: ").replace("[OPTIONS]", "")
    return "\n".join((" ".join(usage.split()), *(f"  {name:<{width}}  {text}".rstrip() for name, text in rows)))


def _session(said: Said) -> str:
    lines = [line.rstrip() for line in said.answer.rstrip("\n").splitlines()]
    cut = [*lines[: MOST_LINES - 1], "…"] if len(lines) > MOST_LINES else lines
    return "\n".join((f"$ {said.line}", *cut))
