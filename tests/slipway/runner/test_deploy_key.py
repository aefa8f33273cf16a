"""Who may push with the key of a repository: git of ours, and nothing that the repository's own code has written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Platform
from tests.slipway.runner.repositories import STEP, commit, git
from tests.slipway.runner.warehouse import Warehouse

SSH = '#!/bin/sh\nwhile [ $# -gt 2 ]; do shift; done\nexec sh -c "$2"\n'
SPY = "printf '#!/bin/sh\\nenv >> LEAK; cat >> LEAK; exec \"$@\"\\n' > .escape/spy; chmod 755 .escape/spy\n"
TRAPS = {
    "a hook": "mkdir -p .git/hooks; for h in pre-push reference-transaction; do cp .escape/spy .git/hooks/$h; done",
    "a folder of hooks": "mkdir h; cp .escape/spy h/pre-push; git config core.hooksPath $PWD/h",
    "a program of ssh": "git config core.sshCommand $PWD/.escape/spy",
    "a program that receives": "git config remote.origin.receivepack $PWD/.escape/spy",
    "another origin": "git init -q --bare ../stolen; git config remote.origin.pushurl $PWD/../stolen",
    "another address": "git init -q --bare ../stolen; git config url.$PWD/../stolen.insteadOf git@host:",
    "a program that signs": "git config tag.gpgSign true; git config gpg.program $PWD/.escape/spy",
    "a program that watches": "git config core.fsmonitor $PWD/.escape/spy; git config log.showSignature true",
    "a helper for passwords": "for name in credential.helper core.askPass; do git config $name $PWD/.escape/spy; done",
    "the folder of our own": "for f in ../.git-access/ssh ../.git-access/askpass; do cp .escape/spy $f; done || true",
    "configuration of the home": "git config --global url./none.insteadOf git@host:; touch $HOME/.gitconfig",
    "no repository at all": "rm -rf .git; git init -q; git config core.worktree /",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_what_a_build_writes_into_its_checkout_never_sees_the_key(
    trap: str, platform: Platform, start: Start, repository: Path, tmp_path: Path, warehouse: Warehouse
) -> None:
    leak, tools = tmp_path / "leak", tmp_path / "tools"
    tools.mkdir()
    (tools / "ssh").write_text(SSH)
    (tools / "ssh").chmod(0o755)
    built = commit(repository, "second", build_sh=f"#!/bin/sh\n{SPY.replace('LEAK', str(leak))}{TRAPS[trap]}\n")
    git(repository, "config", "receive.denyCurrentBranch", "ignore")
    step = {**STEP, "tag_git": True}
    job = platform.add(
        "build", repository=f"git@host:{repository}", branch="main", steps=[step, step], private_key="BEGIN\nKEY\nEND"
    )

    start(own={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
    platform.await_end(job)

    assert job.outcome == "succeeded", job.said
    assert not leak.exists(), leak.read_text()
    assert [git(repository, "rev-parse", f"ns/app-v0.1.{number}^{{commit}}") for number in (0, 1)] == [built, built]
    assert warehouse.inventory.packages


def test_a_tag_is_on_the_commit_that_was_checked_out_whatever_the_build_commits(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    committing = "git add -A; git -c user.name=x -c user.email=x@x commit -q -m more\n"
    built = commit(repository, "second", build_sh=f"#!/bin/sh\necho more > more\n{committing}")
    job = platform.add("build", repository=str(repository), branch="main", steps=[{**STEP, "tag_git": True}])

    start(local_repositories=True)
    platform.await_end(job)

    assert job.outcome == "succeeded", job.said
    assert git(repository, "rev-parse", "ns/app-v0.1.0^{commit}") == built
    assert job.ending["commit"]["revision"] == built
    assert warehouse.inventory.packages


def test_nothing_of_ours_stays_after_a_build(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse, tmp_path: Path
) -> None:
    job = platform.add("build", repository=str(repository), branch="main", steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert warehouse.inventory.packages
    assert [folder.name for folder in (tmp_path / "work").iterdir() if folder.name.endswith(".git")] == []
