"""What a release says of its commit, with real git."""

import os
import subprocess
from pathlib import Path

import pytest

from slipway.plan.git import reason_in, revision_of
from slipway.plan.release import Revision

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    return subprocess.run(
        ["git", *who, *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(tmp_path, "init", "--quiet", "--initial-branch=trunk", "work")
    folder = tmp_path / "work"
    git(folder, "remote", "add", "origin", str(tmp_path / "origin.git"))
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Begin\n\nwith a body")
    return folder


def test_outside_git_and_before_a_commit_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert revision_of(tmp_path, ENVIRONMENT) == Revision()
    git(tmp_path, "init", "--quiet")
    assert revision_of(tmp_path, ENVIRONMENT) == Revision()


def test_a_commit_is_described(repository: Path) -> None:
    assert revision_of(repository, ENVIRONMENT) == Revision(
        revision=git(repository, "rev-parse", "HEAD"), branch="trunk", message="Begin",
        author="Ann <ann@example.org>", repository=str(repository.parent / "origin.git"),
    )  # fmt: skip


def test_a_tag_that_is_called_as_the_branch_leaves_its_name_alone(repository: Path) -> None:
    git(repository, "tag", "trunk")
    assert revision_of(repository, ENVIRONMENT).branch == "trunk"


def test_a_bare_commit_has_no_branch(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    assert revision_of(repository, ENVIRONMENT).branch == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ann:secret@example.org/x.git", "https://example.org/x.git"),
        ("https://token@example.org/x.git", "https://example.org/x.git"),
        ("git@example.org:x.git", "git@example.org:x.git"),
        ("ssh://git@example.org/x.git", "ssh://git@example.org/x.git"),
    ],
)
def test_a_password_in_the_origin_is_not_told(repository: Path, url: str, shown: str) -> None:
    git(repository, "remote", "set-url", "origin", url)
    assert revision_of(repository, ENVIRONMENT).repository == shown


@pytest.mark.parametrize(
    ("said", "telling"),
    [
        (
            "git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.\n\n"
            "Please make sure you have the correct access rights\nand the repository exists.",
            "git@host: Permission denied (publickey).",
        ),
        (
            "Host key verification failed.\nfatal: Could not read from remote repository.",
            "Host key verification failed.",
        ),
        (
            "Cloning into bare repository\nfatal: unable to access 'https://x/': Could not resolve host: x",
            "fatal: unable to access 'https://x/': Could not resolve host: x",
        ),
        (
            "remote: Repository not found.\nfatal: repository 'https://x/a.git/' not found",
            "fatal: repository 'https://x/a.git/' not found",
        ),
        (
            "remote: error: GH006: Protected branch update failed for refs/heads/main.\nTo https://x/a.git\n"
            " ! [remote rejected] main -> main (protected branch hook declined)\n"
            "error: failed to push some refs to 'https://x/a.git'",
            "remote: error: GH006: Protected branch update failed for refs/heads/main.",
        ),
        (
            "To https://x/a.git\n ! [rejected] v1 -> v1 (already exists)\n"
            "error: failed to push some refs to 'https://x/a.git'\nhint: Updates were rejected",
            "! [rejected] v1 -> v1 (already exists)",
        ),
        ("fatal: early EOF\nfatal: index-pack failed", "fatal: index-pack failed"),
        ("", ""),
    ],
)
def test_of_git_s_error_the_line_that_tells_is_told(said: str, telling: str) -> None:
    assert reason_in(said.splitlines()) == telling
