"""Builds and deployments by a runner in this process: real git, real scripts, the platform in memory."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from slipway.perform.state import Place
from tests.slipway.runner.conftest import Start
from tests.slipway.runner.platform import Json, Platform
from tests.slipway.runner.repositories import STEP, commit, git
from tests.slipway.runner.test_life import until
from tests.slipway.runner.test_loop import is_alive
from tests.slipway.runner.warehouse import Warehouse


def test_a_build_ends_in_a_release_and_tells_its_commit(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    job = platform.add("build", repository=str(repository), branch="main", steps=[STEP], steps_from_yml=False)

    start(local_repositories=True)
    platform.await_end(job)

    assert job.outcome == "succeeded", job.said
    assert (job.ending["release"], job.ending["outputs"]) == ("ns/app-v0.1.0", {"url": "hello"})
    assert job.ending["commit"] == {
        "revision": git(repository, "rev-parse", "HEAD"), "branch": "main", "author": "Ann <ann@example.org>",
        "message": "first",
    }  # fmt: skip
    assert ("ns", "app", "0.1.0") in warehouse.inventory.packages
    assert {"built hello", "deployed hello", "smoked"} <= set(job.said)


def test_a_commit_is_built_though_its_branch_went_on(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    old = git(repository, "rev-parse", "HEAD")
    commit(repository, "second", build_sh="#!/bin/sh\nexit 1\n")
    job = platform.add("build", repository=f"file://{repository}", branch="main", commit=old, steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert (job.outcome, job.ending["commit"]["revision"]) == ("succeeded", old), job.said
    assert warehouse.inventory.packages


def test_a_build_that_fails_tells_its_commit_too(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    new = commit(repository, "second", build_sh="#!/bin/sh\nexit 7\n")
    job = platform.add("build", repository=str(repository), branch="", steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("failed", "build: exit code 7")
    assert (job.ending["commit"]["revision"], warehouse.inventory.packages) == (new, {})


def test_a_wrong_plan_fails_the_build_with_every_defect(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    commit(repository, "second", escape_yml="name: ns/app\nversion: x\nbuild: [1]\nnope: 1\n")
    job = platform.add("build", repository=str(repository), branch="main", steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert (job.outcome, warehouse.inventory.releases) == ("failed", {})
    assert "\n" not in job.ending["reason"]
    assert job.ending["reason"].count("escape.yml") >= 2


def test_a_branch_that_is_not_there_is_said_by_git(platform: Platform, start: Start, repository: Path) -> None:
    job = platform.add("build", repository=str(repository), branch="nope", steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == (
        "broken", "git clone: fatal: Remote branch nope not found in upstream origin",
    )  # fmt: skip


def test_what_was_built_is_deployed_smoked_and_taken_down(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    start(local_repositories=True, slots=1)
    built = platform.add("build", repository=str(repository), branch="main", steps=[{**STEP, "run_deploy": False}])
    platform.await_end(built)
    assert built.outcome == "succeeded", (built.ending, built.said)
    ask: Json = {"release": "ns/app-v0.1.0", "deployment": "shop", "providers": {}}

    jobs = [
        platform.add("deploy", inputs={"word": "shop"}, **ask),
        platform.add("smoke", inputs={}, **ask),
        platform.add("errand", inputs={}, errand_name="greet", errand_inputs={}, **ask),
        platform.add("destroy", inputs={}, **ask),
    ]
    platform.await_end(*jobs)

    assert [job.outcome for job in jobs] == ["succeeded"] * 4, [job.said for job in jobs]
    assert jobs[0].ending["outputs"] == {"url": "shop"}
    assert jobs[0].ending["release"] == "ns/app-v0.1.0"
    assert "deployed shop" in jobs[0].said
    assert "greeted shop" in jobs[2].said
    assert warehouse.states.stage(Place(project="web", environment="ci"), "shop")["status"]["status"] == "empty"


def test_a_release_that_is_not_there_breaks_the_deployment(
    platform: Platform, start: Start, warehouse: Warehouse
) -> None:
    job = platform.add("deploy", release="ns/none-v1", deployment="shop", inputs={}, providers={})

    start()
    platform.await_end(job)

    assert (job.outcome, job.ending["reason"]) == ("broken", "the inventory has no ns/none v1")
    assert warehouse.states.puts == []


def test_a_lost_lease_writes_no_state(
    platform: Platform, start: Start, repository: Path, tmp_path: Path, warehouse: Warehouse
) -> None:
    pids = tmp_path / "pids"
    commit(
        repository, "second", deploy_sh=f"#!/bin/sh\ntrap '' TERM\necho $$ > {pids}\nwhile true; do sleep 0.1; done\n"
    )
    runner = start(local_repositories=True)
    job = platform.add("build", repository=str(repository), branch="main", steps=[STEP])
    until(lambda: pids.exists() and pids.read_text())
    known = len(warehouse.states.puts)

    job.phase = "ended"

    assert runner.is_idle(10)
    assert (len(warehouse.states.puts), job.ending, is_alive(int(pids.read_text()))) == (known, {}, False)


def test_a_cancelled_deployment_records_how_far_it_came(
    platform: Platform, start: Start, repository: Path, tmp_path: Path, warehouse: Warehouse
) -> None:
    flag = tmp_path / "flag"
    commit(repository, "second", deploy_sh=f"#!/bin/sh\ntouch {flag}\nsleep 60\n")
    start(local_repositories=True)
    job = platform.add("build", repository=str(repository), branch="main", steps=[STEP])
    until(flag.exists)

    job.cancel = True
    platform.await_end(job)

    assert job.outcome == "cancelled"
    assert warehouse.states.puts[-1][2]["stages"]["deploy"]["status"]["status"] == "failure"


def test_a_long_upload_ends_when_the_job_is_cancelled(
    platform: Platform, start: Start, repository: Path, warehouse: Warehouse
) -> None:
    commit(repository, "second", main_txt=os.urandom(20_000).hex())
    begun = threading.Event()
    job = platform.add("build", repository=str(repository), branch="main", steps=[{**STEP, "run_deploy": False}])

    def dawdle() -> None:
        job.cancel = True
        begun.set()
        threading.Event().wait(0.3)

    warehouse.pause = dawdle
    start(local_repositories=True)
    platform.await_end(job)

    assert (begun.is_set(), job.outcome, warehouse.inventory.packages) == (True, "cancelled", {})


def test_a_repository_without_a_commit_is_told(platform: Platform, start: Start, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    job = platform.add("build", repository=str(tmp_path / "empty"), branch="", steps=[STEP])

    start(local_repositories=True)
    platform.await_end(job)

    assert job.ending["reason"] == "the repository has no commit"
