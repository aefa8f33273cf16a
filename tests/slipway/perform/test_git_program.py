"""Git as a program that can be stopped, with a real repository and its origin."""

import os
import threading
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError, StageFailedError
from slipway.perform.git_program import GitProgram, Origin
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import ProcessShell
from slipway.plan.git import GitError
from tests.slipway.runner.repositories import commit, git, sample

ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = sample(tmp_path / "work")
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(folder, "remote", "add", "origin", str(tmp_path / "origin.git"))
    return folder


def program(folder: Path, stop: threading.Event | None = None, said: list[LogLine] | None = None) -> GitProgram:
    shell = ProcessShell(stop or threading.Event(), grace=0.5)
    log = Log((said if said is not None else []).append)
    return GitProgram(folder=folder, environment=ENVIRONMENT, shell=shell, log=log)


def of(folder: Path, stop: threading.Event | None = None) -> Origin:
    """The origin of the newest commit."""
    return Origin(git=program(folder, stop), commit=git(folder, "rev-parse", "HEAD"))


def test_a_release_s_tag_is_annotated_and_pushed(repository: Path) -> None:
    of(repository).tag("demo/app-v1.0")

    origin = repository.parent / "origin.git"
    assert git(origin, "cat-file", "-t", "demo/app-v1.0") == "tag"
    assert git(origin, "rev-parse", "demo/app-v1.0^{commit}") == git(repository, "rev-parse", "HEAD")


@pytest.mark.parametrize("kind", [(), ("--annotate", "--message", "x")])
def test_a_tag_that_is_on_this_commit_is_fine_and_stays(repository: Path, kind: tuple[str, ...]) -> None:
    git(repository, "tag", *kind, "demo/app-v1.0")
    git(repository, "push", "--quiet", "origin", "demo/app-v1.0")
    before = git(repository, "ls-remote", "origin")

    of(repository).check_tag("demo/app-v1.0")
    of(repository).tag("demo/app-v1.0")

    assert git(repository, "ls-remote", "origin") == before
    assert of(repository).is_tagged("demo/app-v1.0")


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ("demo/app-v1.0", "tag demo/app-v1.0 is on commit [0-9a-f]{12} already"),
        ("demo", "tag demo leaves no room for tag demo/app-v1.0"),
        ("demo/app-v1.0/x", "tag demo/app-v1.0/x leaves no room"),
    ],
)
def test_a_tag_that_cannot_be_is_refused_before_anything_is_pushed(repository: Path, there: str, why: str) -> None:
    git(repository, "tag", there)
    git(repository, "push", "--quiet", "origin", there)
    before = git(repository, "ls-remote", "origin")
    commit(repository, "second", main_txt="other")

    with pytest.raises(StageFailedError, match=why):
        of(repository).check_tag("demo/app-v1.0")

    assert git(repository, "ls-remote", "origin") == before


def test_an_origin_that_takes_no_tags_is_found_out_before(repository: Path) -> None:
    git(repository, "remote", "set-url", "--push", "origin", "/nonexistent/origin.git")

    with pytest.raises(GitError, match="git push: "):
        of(repository).check_tag("demo/app-v1.0")

    assert not of(repository).is_tagged("demo/app-v1.0")


def test_a_push_that_hangs_ends_when_the_job_is_stopped(repository: Path, tmp_path: Path) -> None:
    hook = tmp_path / "origin.git" / "hooks" / "update"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/there\nsleep 60\n")
    hook.chmod(0o755)
    stop = threading.Event()
    threading.Thread(target=_stop_when, args=(tmp_path / "there", stop), daemon=True).start()

    with pytest.raises(StageCancelledError):
        of(repository, stop).tag("demo/app-v1.0")


def _stop_when(file: Path, stop: threading.Event) -> None:
    while not file.exists():
        stop.wait(0.02)
    stop.set()
