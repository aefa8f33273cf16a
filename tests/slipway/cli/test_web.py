"""`--web` leads to a page that the console has."""

import os
import re
import subprocess
import sys

import pytest

from chalicelib.dialects.console.routes import OPERATIONS
from tests.slipway.cli.test_main import COMMANDS

FAR = "https://slipway.example.com/stage"
SHOWN = {
    ("run", "show"): (["R1"], "/runs/R1"),
    ("why",): (["R1"], "/runs/R1"),
    ("inbox",): ([], "/inbox"),
    ("matrix",): ([], "/home"),
    ("calendar",): (["-p", "web", "--month", "2030-05"], "/calendar?project=web&month=2030-05"),
    ("runner", "list"): (["--pool", "gpu"], "/runners?pool=gpu"),
    ("project", "show"): (["web"], "/projects/web"),
    ("pipeline", "show"): (["web", "release"], "/projects/web/pipelines/release"),
    ("user", "list"): ([], "/access"),
    ("user", "show"): (["ann"], "/access/people/ann"),
    ("token", "list"): (["--owner", "user:ann"], "/access/people/ann"),
    ("why-may",): (["ann", "web"], "/access/why?user=ann&project=web"),
    ("audit",): (["-p", "web", "--machines"], "/audit?project=web&machines=yes"),
    ("run", "list"): (
        ["--project", "web", "--status", "failed", "--by", "me"],
        "/runs?project=web&status=failed&by=me",
    ),
}


def told(*words: str) -> str:
    known = {"SLIPWAY_API": FAR, "SLIPWAY_TOKEN": "slp_1", "BROWSER": "true", "HOME": "/nonexistent"}
    environment = {"PATH": os.environ["PATH"], **known}
    command = [sys.executable, "-m", "slipway.cli.main", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def has_page(address: str) -> bool:
    path, pages = address.partition("?")[0], {row.path for row in OPERATIONS}
    return any(re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", page), path) for page in pages)


@pytest.mark.parametrize("path", SHOWN, ids=" ".join)
def test_the_page_is_told_and_the_console_has_it(path: tuple[str, ...]) -> None:
    words, page = SHOWN[path]

    assert told(*path, *words, "--web") == f"{FAR}{page}\n"
    assert has_page(page)


def test_every_command_that_says_web_is_asked_here() -> None:
    saying = {path for path, command in COMMANDS if any("--web" in one.opts for one in command.params)}

    assert saying == set(SHOWN)
