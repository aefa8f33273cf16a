"""Each command shows in its help how it is used, and what it shows can be given."""

import shlex
from pathlib import Path

import click
import pytest

from slipway.cli.main import cli
from tests.slipway.cli.recorded_api import Shell
from tests.slipway.cli.test_main import COMMANDS, PASSED_ON

FILES = (".yaml", ".json", ".tgz", ".png")
HELPFUL = [(path, command) for path, command in COMMANDS if path not in PASSED_ON]


def examples_of(command: click.Command) -> list[str]:
    """What stands under `Example:` in the help, without the word."""
    _, found, below = (command.epilog or "").partition("\b\nExample")
    lines = below.partition("\n\n")[0].splitlines()[1:] if found else []
    return [line.strip() for line in lines]


def parsed(words: list[str]) -> list[click.Command]:
    """The commands that a line names, the innermost of which took all its words. Faults: ClickException."""
    ctx, name = cli.make_context("slipway", [], resilient_parsing=True), "slipway"
    named: list[click.Command] = [cli]
    while isinstance(command := named[-1], click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.get_command(ctx, name)
        if found is None:
            raise click.UsageError(f"no command {name}")
        named.append(found)
    command.make_context(name, words, parent=ctx)
    return named


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=lambda one: " ".join(one) if isinstance(one, tuple) else "")
def test_every_command_has_an_example_that_can_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...], command: click.Command
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = examples_of(command)

    assert examples
    for example in examples:
        program, *words = shlex.split(example)
        for file in (word for word in words if word.endswith(FILES) and "/" not in word):
            Path(file).touch()
        assert program == "slipway"
        assert command in parsed(words), f"{example} is none of {' '.join(path)}"


@pytest.mark.parametrize("path", [path for path, _ in HELPFUL], ids=" ".join)
def test_help_shows_the_example_in_one_line(stranger: Shell, path: tuple[str, ...]) -> None:
    command = dict(HELPFUL)[path]
    shown = [line.strip() for line in stranger(*path, "--help").stdout.splitlines()]

    assert all(example in shown for example in examples_of(command))
    assert "Example" not in (command.help or "")
