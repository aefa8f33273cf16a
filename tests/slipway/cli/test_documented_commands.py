"""docs/cli.md names every command that there is, and the docs name none that there is not."""

import re
from pathlib import Path

import click
import pytest

from slipway.cli.lazy import LazyGroup, loaded
from slipway.cli.main import TABLE

DOCS = Path("docs")
PAGES = (
    "cli.md",
    "state.md",
    "operations.md",
    "security.md",
    "runners.md",
    "local-cloud.md",
    "buildmaster.md",
    "flexdeploy.md",
    "deploy-api.md",
)


def commands() -> dict[str, set[str]]:
    """Every command with its subcommands."""
    return {name: _inner(loaded(entry)) for name, entry in TABLE.items()}


def _inner(command: click.Command) -> set[str]:
    if isinstance(command, LazyGroup):
        return set(command.commands_by_name)
    return set(command.commands) if isinstance(command, click.Group) else set()


COMMANDS = commands()


def named_in(text: str) -> set[tuple[str, str]]:
    """Commands with the subcommands that a text names: also `run approve RUN`, `reject` in one row of a table."""
    found = set()
    for line in text.splitlines():
        last = ""
        for code in re.findall(r"`([^`]+)`", line):
            words = code.removeprefix("slipway ").split()
            if words and words[0] in COMMANDS and (len(words) > 1 or not last):
                last = words[0]
                found |= {(last, word) for word in _alternatives(words[1] if len(words) > 1 else "")}
            elif words and last:
                found |= {(last, word) for word in _alternatives(words[0]) if word in COMMANDS[last]}
    return found


def _alternatives(word: str) -> list[str]:
    return [one for one in word.replace("\\|", "|").split("|") if re.fullmatch(r"[a-z][a-z-]*", one)] or [""]


def test_every_command_is_in_docs_cli() -> None:
    text = (DOCS / "cli.md").read_text()
    every = {(name, inner) for name, inside in COMMANDS.items() for inner in inside}
    alone = [name for name, inside in COMMANDS.items() if not inside]

    assert {" ".join(one) for one in every - named_in(text)} == set()
    assert [name for name in alone if not re.search(rf"(slipway |`){name}\b", text)] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_command_that_is_not_there(page: str) -> None:
    named = named_in((DOCS / page).read_text())

    assert {" ".join(one) for one in named if one[1] and COMMANDS[one[0]] and one[1] not in COMMANDS[one[0]]} == set()
