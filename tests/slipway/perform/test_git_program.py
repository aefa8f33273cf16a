"""Git as a program that can be stopped, with a real repository and its origin."""

import os
import threading
from pathlib import Path

import pytest

from slipway.perform.faults import StageCancelledError
from slipway.perform.git_program import GitProgram
from slipway.perform.logs import Log, LogLine
from slipway.perform.shell import ProcessShell
from slipway.plan.git import GitError
from tests.slipway.runner.repositories import git, sample

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


def test_a_release_s_tag_is_annotated_and_pushed(repository: Path) -> None:
    program(repository).tag("demo/app-v1.0", "HEAD")

    origin = repository.parent / "origin.git"
    assert git(origin, "cat-file", "-t", "demo/app-v1.0") == "tag"
    assert git(origin, "rev-parse", "demo/app-v1.0^{commit}") == git(repository, "rev-parse", "HEAD")


def test_a_tag_that_exists_is_refused_and_the_log_says_why(repository: Path) -> None:
    said: list[LogLine] = []
    program(repository).tag("demo/app-v1.0", "HEAD")

    with pytest.raises(GitError, match=r"git tag: .*already exists"):
        program(repository, said=said).tag("demo/app-v1.0", "HEAD")

    assert "already exists" in said[0].text


def test_a_push_that_hangs_ends_when_the_job_is_stopped(repository: Path, tmp_path: Path) -> None:
    hook = tmp_path / "origin.git" / "hooks" / "update"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/there\nsleep 60\n")
    hook.chmod(0o755)
    stop = threading.Event()
    threading.Thread(target=_stop_when, args=(tmp_path / "there", stop), daemon=True).start()

    with pytest.raises(StageCancelledError):
        program(repository, stop).tag("demo/app-v1.0", "HEAD")


def _stop_when(file: Path, stop: threading.Event) -> None:
    while not file.exists():
        stop.wait(0.02)
    stop.set()
