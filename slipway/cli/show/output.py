"""The API client of the session, and the output: text for people or, with `--json`, one JSON document on stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.show.nearest import did_you_mean
from slipway.contexts import CONTEXT, UnknownContextError, contexts, session_in_use
from slipway.session import API, Session, is_stopped_here

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from slipway.client import Client

_JSON, _WIDE = "slipway.cli.json", "slipway.cli.wide"
UNLIMITED = 100_000
"""Width of an output that is no terminal, or for which `--wide` was given, so that nothing is wrapped or cut."""


def choose_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    """Callback of `--json`: given at any level, it holds for the whole command."""
    ctx.meta[_JSON] = ctx.meta.get(_JSON, False) or value


def choose_wide(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    """Callback of `--wide`: given at any level, it holds for the whole command."""
    ctx.meta[_WIDE] = ctx.meta.get(_WIDE, False) or value


def wants_json() -> bool:
    """Whether `--json` was given."""
    return _is_chosen(_JSON)


def found_session() -> Session | None:
    """The session to use; None when nobody is logged in. Faults: CommandError when a variable names none."""
    try:
        return session_in_use(os.environ)
    except UnknownContextError as error:
        hint = did_you_mean(error.name, contexts(os.environ)) or "see `slipway context list`"
        raise CommandError(f"{CONTEXT}: {error}", hint, code=ExitCode.USAGE) from error
    except ValueError as error:
        raise CommandError(f"{API}: {error}", "set it to the address of a platform", code=ExitCode.USAGE) from error


def the_session() -> Session:
    """The stored session. Faults: CommandError when nobody is logged in, or the platform of this machine is stopped."""
    session = found_session()
    if session is None and is_stopped_here(os.environ):
        raise CommandError(
            "the platform of this machine is stopped",
            "start it with `make up`, or name another one by `slipway login URL`",
            code=ExitCode.UNAVAILABLE,
        )
    if session is None:
        raise CommandError(
            "nobody is logged in, and no platform runs here",
            "run `slipway login URL`, or start the platform with `make up`",
            code=ExitCode.NOT_ALLOWED,
        )
    return session


def the_client(patience: float = 5.0) -> Client:
    """A client of the session's API, a context manager. patience: seconds to retry while nothing answers."""
    return client_of(the_session(), patience)


def client_of(session: Session, patience: float = 5.0, timeout: float = 30.0) -> Client:
    """A client for any session, stored or not. timeout: seconds for one answer."""
    from slipway.client import Client, Manners

    return Client(session.api, session.token, Manners(patience=patience, timeout=timeout))


def console() -> Console:
    """The console on stdout, for results."""
    return _console(to_stderr=False)


def side_console() -> Console:
    """The console on stderr, for notes, progress and errors."""
    return _console(to_stderr=True)


def show(value: object, render: Callable[[], RenderableType]) -> None:
    """Print a result: with `--json` the value, otherwise what `render` returns."""
    if wants_json():
        print_json(value)
        return
    write(console(), render())


def print_json(value: object, indent: int | None = 2) -> None:
    """Print the value as one JSON document on stdout."""
    click.echo(json.dumps(value, indent=indent, ensure_ascii=False))


def write(target: Console, shown: RenderableType) -> None:
    """Print on a console; text is never wrapped but by the terminal itself, so that it can be copied.

    Without a terminal: no trailing blanks.
    """
    if target.is_terminal:
        target.print(shown, soft_wrap=True)
        return
    with target.capture() as captured:
        target.print(shown, soft_wrap=True)
    target.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def note(text: str) -> None:
    """Print a note on stderr, unless `--json` was given."""
    from slipway.cli.show.plain_text import plain

    if not wants_json():
        side_console().print(plain(text), markup=False, soft_wrap=True)


def _is_chosen(name: str) -> bool:
    ctx = click.get_current_context(silent=True)
    return bool(ctx is not None and ctx.meta.get(name, False))


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() and not _is_chosen(_WIDE) else UNLIMITED
    return Console(stderr=to_stderr, highlight=False, markup=False, emoji=False, width=width)


def has_colour() -> bool:
    """Whether stdout may be coloured. Source: no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
