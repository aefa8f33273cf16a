"""Nothing is removed that nobody meant, and what was removed is told."""

import os
import subprocess
import sys

import pytest

from tests.dialects.matrix.callers import ADMIN, READER
from tests.slipway.cli.real.conftest import Slipway, told
from tests.slipway.cli.real_api import RealApi

REMOVALS = (
    ("pipeline", "remove", "web", "release"),
    ("job", "remove", "web", "staging", "demo/app"),
    ("build", "remove", "web", "staging", "app"),
    ("repo", "remove", "web", "code"),
    ("user", "remove", READER),
    ("group", "remove", "ops"),
)


@pytest.mark.parametrize("words", REMOVALS, ids=" ".join)
def test_nothing_is_removed_that_nobody_meant(shop: Slipway, words: tuple[str, ...]) -> None:
    refused = shop(*words, code=64)
    assert "--yes" in refused.stderr

    assert shop(*words, "--yes").stdout.startswith("removed ")
    assert shop(*words, "--yes", code=3).stderr.startswith("error: ")


def test_who_may_not_remove_removes_nothing(shop: Slipway) -> None:
    assert "owner" in shop("pipeline", "remove", "web", "release", "--yes", by=READER, code=4).stderr.lower()
    assert list(told(shop("pipeline", "list", "web", "--json"))) == ["release"]


def typed_in_terminal(api: RealApi, words: list[str], answer: str) -> tuple[int, str]:
    """The exit code and what a terminal was sent, in which somebody typed an answer."""
    leader, follower = os.openpty()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "SLIPWAY_API": api.address,
        "SLIPWAY_TOKEN": api.world.tokens[ADMIN],
    }
    command = [sys.executable, "-m", "slipway.cli.main", *words]
    process = subprocess.Popen(command, stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    os.write(leader, f"{answer}\n".encode())
    sent = b""
    while True:
        try:
            sent += os.read(leader, 65_536)
        except OSError:
            break
    os.close(leader)
    return process.wait(), sent.decode()


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_on_a_terminal_a_removal_is_asked_about(shop: Slipway, api: RealApi, answer: str, code: int) -> None:
    ended, sent = typed_in_terminal(api, ["pipeline", "remove", "web", "release"], answer)

    assert (ended, "remove pipeline release in web?" in sent) == (code, True), sent
    assert bool(told(shop("pipeline", "list", "web", "--json"))) == (answer == "n")


def test_a_whole_project_goes_and_is_told(shop: Slipway) -> None:
    shop("project", "remove", "web", code=64)
    shop("project", "remove", "web", "--yes", by=READER, code=4)

    gone = shop("project", "remove", "web", "--yes")

    told_of = "1 environment, 1 build, 1 deployment job, 1 pipeline, 1 repository"
    assert set(gone.stdout.strip().partition(": ")[2].split(", ")) == set(told_of.split(", "))
    assert "web" not in told(shop("project", "list", "--json"))
    shop("project", "remove", "web", "--yes", code=3)


def test_an_environment_goes_with_what_belongs_to_it(shop: Slipway) -> None:
    gone = told(shop("env", "remove", "web", "staging", "--yes", "--json"))

    assert (gone["environment"], gone["complete"]) == ("staging", True)
    assert (gone["removed"]["builds"], gone["removed"]["deployment_jobs"]) == (1, 1)
    assert told(shop("env", "list", "web", "--json")) == []
    assert list(told(shop("pipeline", "list", "web", "--json"))) == ["release"]


@pytest.mark.parametrize(("answer", "code"), [("webb", 1), ("web", 0)])
def test_a_project_goes_when_its_name_is_written(shop: Slipway, api: RealApi, answer: str, code: int) -> None:
    ended, sent = typed_in_terminal(api, ["project", "remove", "web"], answer)

    assert (ended, "write web to remove project web" in sent) == (code, True), sent
    shop("project", "show", "web", code=3 if code == 0 else 0)
