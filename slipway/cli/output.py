"""What every command has at hand: the API to ask, and where answers go. `--json` puts them on stdout for a machine."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.session import Session, find_session

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from slipway.client import Client

_JSON = "slipway.cli.json"
UNLIMITED = 100_000
"""Columns of an output that is no terminal: nothing is folded or cut for whoever reads it by program."""


def choose_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    """Callback of `--json`: what is asked on any level holds for the whole command."""
    ctx.meta[_JSON] = ctx.meta.get(_JSON, False) or value


def wants_json() -> bool:
    """Whether answers are for a machine."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx is not None and ctx.meta.get(_JSON, False))


def the_session() -> Session:
    """Whom to ask, with a token. Faults: Trouble when nobody is logged in."""
    session = find_session(os.environ)
    if session is None:
        raise Trouble(
            "nobody is logged in, and no platform runs here",
            "run `slipway login URL`, or start the platform with `make up`",
            code=ExitCode.NOT_ALLOWED,
        )
    return session


def the_client(patience: float = 5.0) -> Client:
    """The API of the session, to be used in a `with`. patience: seconds of asking again what does not answer."""
    return client_of(the_session(), patience)


def client_of(session: Session, patience: float = 5.0) -> Client:
    """The API of a session that need not be the one that is kept."""
    from slipway.client import Client, Manners

    return Client(session.api, session.token, Manners(patience=patience))


def console() -> Console:
    """Where answers go."""
    return _console(to_stderr=False)


def side_console() -> Console:
    """Where everything goes that is no answer: notes, progress, trouble."""
    return _console(to_stderr=True)


def show(value: object, render: Callable[[], RenderableType]) -> None:
    """Say the answer: as JSON, or as it is rendered for a person."""
    if wants_json():
        print_json(value)
        return
    write(console(), render())


def print_json(value: object, indent: int | None = 2) -> None:
    """The value as one JSON document on stdout."""
    click.echo(json.dumps(value, indent=indent, ensure_ascii=False))


def write(target: Console, shown: RenderableType) -> None:
    """The thing on a console; where that is no terminal, nothing is folded and no line ends in blanks."""
    if target.is_terminal:
        target.print(shown)
        return
    with target.capture() as captured:
        target.print(shown, soft_wrap=True)
    target.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def note(text: str) -> None:
    """Something worth saying that is no answer; a machine is spared it."""
    from slipway.cli.plain_text import plain

    if not wants_json():
        side_console().print(plain(text), markup=False, soft_wrap=True)


def _console(*, to_stderr: bool) -> Console:
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else UNLIMITED
    return Console(stderr=to_stderr, highlight=False, markup=False, emoji=False, width=width)


def has_colour() -> bool:
    """Whether the output may have colours. Source: no-color.org."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
