"""docs/cli.md tells every command as it is, with a session that was run. SLIPWAY_RECORD=1 writes it anew."""

import os
from pathlib import Path

import click
import pytest

from slipway.cli.lazy import loaded
from slipway.cli.main import TABLE
from tests.slipway.cli.reference.page import HEADING, commands_in, generated, sessions_of
from tests.slipway.cli.reference.story import Said, told

PAGE = Path("docs/cli.md")
ELSEWHERE = {
    ("up",): "tests/slipway/cli/test_documented.py",
    ("rollback",): "tests/slipway/cli/test_rollback.py",
    ("webhook", "redeliver"): "tests/slipway/cli/test_webhooks.py",
    ("open",): "tests/slipway/cli/test_open.py",
    ("upload",): "docs/inventory.md",
    ("release", "upload"): "docs/inventory.md",
    ("release", "download"): "docs/inventory.md",
    ("runner",): "tests/slipway/runner/conftest.py",
}
"""Commands that need more than a platform on fakes, and where they are run."""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    return told(tmp_path_factory.mktemp("story"))


def test_every_command_is_in_the_story(story: list[Said]) -> None:
    every = [one for name, entry in TABLE.items() for one in commands_in((name,), loaded(entry))]
    alone = [path for path, one in every if not isinstance(one, click.Group)]
    silent = {path for path in alone if not sessions_of(path, story)}

    assert silent - ELSEWHERE.keys() == set(), "add a line to tests/slipway/cli/reference/story.txt"
    assert all(Path(page).exists() for page in ELSEWHERE.values())


def test_the_page_tells_each_command_as_it_is(story: list[Said]) -> None:
    before, _, below = PAGE.read_text().partition(f"\n{HEADING}")
    now = generated(story)
    if os.environ.get("SLIPWAY_RECORD"):
        PAGE.write_text(f"{before}\n{now}")

    assert f"{HEADING}{below}" == now or os.environ.get("SLIPWAY_RECORD"), (
        "SLIPWAY_RECORD=1 pytest tests/slipway/cli/reference"
    )
