"""Options and arguments that several commands share, and how what is typed becomes what is sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from slipway.cli.error import Trouble
from slipway.cli.exit_codes import ExitCode
from slipway.cli.output import choose_json
from slipway.client_error import Problem

Command = TypeVar("Command", bound=Callable[..., Any])
STDIN = "-"
ADDED = frozenset({"webhook_url", "webhook_urls"})
"""What `show --json` adds to a definition: shown, changed and added again, it means what it meant."""

MAX_FILE = 2_000_000
"""Bytes of a definition that is read."""


def json_option(command: Command) -> Command:
    """The command answers in JSON when asked to."""
    return click.option(
        "--json", is_flag=True, expose_value=False, callback=choose_json, help="Answer in JSON, nothing else."
    )(command)


def notes_option(command: Command) -> Command:
    """The command takes notes, which are kept with the decision."""
    return click.option("--notes", default="", metavar="TEXT", help="Kept with it, and shown with it.")(command)


def file_option(command: Command) -> Command:
    """The command takes what it adds from a file."""
    return click.option("-f", "--file", "file", metavar="FILE", help="A JSON or YAML file; - for stdin.")(command)


def replace_option(command: Command) -> Command:
    """The command may replace what is there."""
    return click.option("--replace", is_flag=True, help="Replace it when it is there already.")(command)


def able_option(command: Command) -> Command:
    """The command may switch what it changes off and on again."""
    return click.option(
        "--disable/--enable", "disabled", default=None, help="Whether it may run at all; as it was, if left out."
    )(command)


def key_option(command: Command) -> Command:
    """The command may be given a private key."""
    path = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
    return click.option("--private-key", "key", type=path, metavar="FILE", help="A file with a key; - for stdin.")(
        command
    )


def secret_text(path: Path | None) -> str | None:
    """What a file with a secret says; nothing where none is named. Faults: Trouble."""
    return None if path is None else _text(str(path))


def wait_option(command: Command) -> Command:
    """The command may watch the run that it starts, to its end."""
    return click.option(
        "--wait/--no-wait", "wait", default=False, help="Watch the run to its end; the exit code is its outcome."
    )(command)


def within_option(command: Command) -> Command:
    """The command may be asked for a run that somebody is about to start."""
    return click.option(
        "--start-within",
        "within",
        type=click.FloatRange(0, 3600),
        default=0.0,
        metavar="SECONDS",
        help="Wait so long for the run to begin, where there is none of that name or number yet.",
    )(command)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """`name=value` pairs by name. Faults: Trouble, naming all that are none."""
    split = [(one, *one.partition("=")) for one in given]
    wrong = [one for one, name, equals, _ in split if not equals or not name]
    if wrong:
        problems = [Problem(path=option, message=f"{one!r} is no NAME=VALUE") for one in wrong]
        raise Trouble(f"{option} takes NAME=VALUE", code=ExitCode.USAGE, problems=problems)
    return {name: value for _, name, _, value in split}


def values(given: Iterable[str], option: str) -> dict[str, object]:
    """`name=value` pairs by name; a value that reads as JSON is that, any other is text."""
    return {name: _value(text) for name, text in pairs(given, option).items()}


def document(file: str) -> dict[str, Any]:
    """What a JSON or YAML file says. Faults: Trouble with the place."""
    said = _parsed(file, _text(file))
    if not isinstance(said, Mapping):
        raise Trouble(
            f"{_title(file)} holds no object", "write names and values, as docs/cli.md shows", code=ExitCode.USAGE
        )
    return {str(name): value for name, value in said.items() if name not in ADDED}


def said(**given: object) -> dict[str, Any]:
    """What the options of a change say: None and no words say nothing, an empty text and one empty word do."""
    spoken = {name: value for name, value in given.items() if value not in (None, ())}
    return {name: _words(value) if isinstance(value, tuple) else value for name, value in spoken.items()}


def body_of(file: str | None, **given: object) -> dict[str, Any]:
    """What is sent: what the file says, and over it what the options say. None and empty ones say nothing."""
    said = document(file) if file else {}
    return {**said, **{name: value for name, value in given.items() if value not in (None, "", (), {}, [])}}


def _words(given: tuple[object, ...]) -> list[object]:
    return [] if given == ("",) else list(given)


def _text(file: str) -> str:
    try:
        text = sys.stdin.read(MAX_FILE + 1) if file == STDIN else Path(file).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"cannot read {_title(file)}: {error}", code=ExitCode.USAGE) from error
    if len(text) > MAX_FILE:
        raise Trouble(f"{_title(file)} is over {MAX_FILE:,} bytes", code=ExitCode.USAGE)
    return text


def _parsed(file: str, text: str) -> object:
    if file.endswith(".json"):
        try:
            return json.loads(text)
        except ValueError as error:
            raise Trouble(f"{file} is no JSON: {error}", code=ExitCode.USAGE) from error
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Trouble(f"{_title(file)} is no YAML: {' '.join(str(error).split())}", code=ExitCode.USAGE) from error


def _title(file: str) -> str:
    return "stdin" if file == STDIN else file


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
