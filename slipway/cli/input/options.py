"""Options and arguments that several commands share, and how request bodies are built from them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from slipway.cli.error import CommandError
from slipway.cli.exit_codes import ExitCode
from slipway.cli.places.saved import Place
from slipway.cli.show.output import choose_json, choose_wide
from slipway.client_error import Problem

Command = TypeVar("Command", bound=Callable[..., Any])
STDIN = "-"
ADDED = frozenset({"webhook_url", "webhook_urls"})
"""Fields that `show --json` adds to a definition; dropped when its output is added again."""

MAX_FILE = 2_000_000
"""Largest size of a definition in bytes."""


_json_flag = click.option(
    "--json", is_flag=True, expose_value=False, callback=choose_json, help="Answer in JSON, nothing else."
)
_wide_flag = click.option(
    "--wide", is_flag=True, expose_value=False, callback=choose_wide, help="Cut nothing, however narrow the terminal."
)
notes_option = click.option("--notes", default="", metavar="TEXT", help="Kept with it, and shown with it.")
yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask; needed where nobody can answer.")
replace_option = click.option("--replace", is_flag=True, help="Replace it when it is there already.")
wait_option = click.option(
    "--wait/--no-wait", "wait", default=False, help="Watch the run to its end; the exit code is its outcome."
)
within_option = click.option(
    "--start-within",
    "within",
    type=click.FloatRange(0, 3600),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for the run to begin, where there is none of that name or number yet.",
)
limit_option = click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)

file_option = click.option("-f", "--file", "file", metavar="FILE", help="A JSON or YAML file; - for stdin.")
key_option = click.option(
    "--private-key",
    "key",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A file with a key; - for stdin.",
)
disable_option = click.option(
    "--disable/--enable", "disabled", default=None, help="Whether it may run at all; as it was, if left out."
)
service_account_option = click.option(
    "--service-account", "service_account_name", metavar="NAME", help="As whom it runs; an empty one for nobody."
)
without_input_option = click.option(
    "--without-input", "gone", multiple=True, metavar="NAME", help="Has this input no more."
)
description_option = click.option("--description", default="")
url_option = click.option("--url", "org_url", default="", help="Where the organisation is found.")
new_description_option = click.option("--description")
new_url_option = click.option("--url", "org_url", help="Where the organisation is found.")

run_argument = click.argument("reference", metavar="RUN")
release_argument = click.argument("reference", metavar="RELEASE")


def json_option(command: Command) -> Command:
    """Add the options by which a command is told how to answer: `--json` and `--wide`."""
    return _json_flag(_wide_flag(command))


def input_option(text: str | None = None) -> Callable[[Command], Command]:
    """Return the option `-i NAME=VALUE`, which may be repeated. text: its help."""
    return click.option("-i", "--input", "inputs", multiple=True, metavar="NAME=VALUE", help=text)


def arguments(*names: str) -> Callable[[Command], Command]:
    """Return a decorator that adds required arguments in this order."""

    def declared(command: Command) -> Command:
        for name in reversed(names):
            command = click.argument(name)(command)
        return command

    return declared


def place_arguments(place_of: Callable[..., Place]) -> Callable[[Command], Command]:
    """Return a decorator that adds the parameters of `place_of` as arguments, and passes its result as `place`."""
    names = tuple(inspect.signature(place_of).parameters)

    def declared(command: Command) -> Command:
        @wraps(command)
        def placed(**given: object) -> object:
            return command(place=place_of(**{name: given.pop(name) for name in names}), **given)

        return arguments(*names)(cast("Command", placed))

    return declared


def secret_text(path: Path | None) -> str | None:
    """Return the content of a file with a secret; None without a file. Faults: CommandError."""
    return None if path is None else _text(str(path))


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """Parse `name=value` pairs. Faults: CommandError, listing all that are malformed."""
    split = [(one, *one.partition("=")) for one in given]
    wrong = [one for one, name, equals, _ in split if not equals or not name]
    if wrong:
        problems = [Problem(path=option, message=f"{one!r} is no NAME=VALUE") for one in wrong]
        raise CommandError(f"{option} takes NAME=VALUE", code=ExitCode.USAGE, problems=problems)
    return {name: value for _, name, _, value in split}


def values(given: Iterable[str], option: str) -> dict[str, object]:
    """Parse `name=value` pairs; a value that is valid JSON is decoded, any other is text."""
    return {name: _value(text, f"{option} {name}") for name, text in pairs(given, option).items()}


def document(file: str | None) -> dict[str, Any]:
    """Return the content of a JSON or YAML file; empty without a file. Faults: CommandError with line and column."""
    if not file:
        return {}
    said = _parsed(file, _text(file))
    if not isinstance(said, Mapping):
        raise CommandError(
            f"{_title(file)} holds no object", "write names and values, as docs/cli.md shows", code=ExitCode.USAGE
        )
    return {name: value for name, value in said.items() if name not in ADDED}


def said(**given: object) -> dict[str, Any]:
    """Return the fields that the options of a change set. None and () mean not given; "" and ("",) clear a field."""
    spoken = {name: value for name, value in given.items() if value not in (None, ())}
    return {name: _words(value) if isinstance(value, tuple) else value for name, value in spoken.items()}


def body_of(file: str | None, /, **given: object) -> dict[str, Any]:
    """Return the request body: the file's fields, overridden by options; None and empty values count as not given."""
    return {**document(file), **{name: value for name, value in given.items() if value not in (None, "", (), {}, [])}}


def _words(given: tuple[object, ...]) -> list[object]:
    return [] if given == ("",) else list(given)


def _text(file: str) -> str:
    try:
        content = _stdin() if file == STDIN else Path(file).read_bytes()[: MAX_FILE + 1]
        text = content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"cannot read {_title(file)}: {error}", code=ExitCode.USAGE) from error
    if len(content) > MAX_FILE:
        raise CommandError(f"{_title(file)} is over {MAX_FILE:,} bytes", code=ExitCode.USAGE)
    return text


def _stdin() -> bytes:
    # Its bytes, for what is no UTF-8 would depend on the locale.
    return click.get_binary_stream("stdin").read(MAX_FILE + 1)


def _parsed(file: str, text: str) -> object:
    from slipway.cli.input.documents import NotJsonError, from_json, from_yaml

    is_json = file.endswith(".json")
    try:
        return from_json(text) if is_json else from_yaml(text)
    except NotJsonError as error:
        raise CommandError(
            f"{_title(file)} is no {'JSON' if is_json else 'YAML that can be taken'}: {error}",
            code=ExitCode.USAGE,
            problems=error.problems,
        ) from error


def _title(file: str) -> str:
    return "stdin" if file == STDIN else file


def _value(text: str, option: str) -> object:
    from slipway.cli.input.documents import NotJsonError, checked, from_json

    try:
        return from_json(text)
    except NotJsonError as error:
        if not error.problems:
            return checked(text)
        raise CommandError(f"{option}: {error}", code=ExitCode.USAGE, problems=error.problems) from error
