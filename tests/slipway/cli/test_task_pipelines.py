"""Pipelines of tasks are run, listed, shown as trees, watched, killed and retried."""

import json
from pathlib import Path

import pytest

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell
from tests.slipway.cli.task_answers import a_member, a_pipeline

STATE = "GET /v1/pipeline/state/night/ppl_1"
BEGUN = "pipeline night/ppl_1 {}\nslipway task-pipeline state night/ppl_1 --wait\n"
TASKS = (
    a_member("create", "FAILED", message="exit code 3"),
    a_member("work", "SKIPPED", "create"),
    a_member("delete", "RUNNING", "work", **{"run-if-error": True}),
)


def test_the_pipeline_of_a_directory_is_run(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /v2/pipeline/elaborate/run/quick_start/cluster/mine", a_pipeline("PENDING"))

    ran = slipway("task-pipeline", "run", "quick_start/cluster", "--name", "mine", "-n", "night", "--branch", "main")

    assert ran.stdout == BEGUN.format("runs")
    assert api.last("POST").body == {"namespace": "night", "branch": "main"}


def test_a_pipeline_of_a_file_is_run(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text("name: own\ntasks: []\n")
    api.on("POST /v2/pipeline/run/with-configuration", a_pipeline("PENDING"))

    ran = slipway("task-pipeline", "run", "-f", str(file), "-n", "night", "--name", "cluster", "--json")

    assert json.loads(ran.stdout)["id"] == "ppl_1"
    assert api.last("POST").body == {"namespace": "night", "configuration": {"name": "cluster", "tasks": []}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "REPOSITORY/DIRECTORY"),
        (("a/b",), "--name"),
        (("a/b", "-f", "-", "-n", "x"), "no --file"),
        (("-f", "-"), "--namespace"),
    ],
)
def test_a_run_of_nothing_is_wrong_usage(slipway: Shell, words: tuple[str, ...], said: str) -> None:
    refused = slipway("task-pipeline", "run", *words)

    assert (refused.exit_code, said in refused.stderr) == (64, True)


def test_a_pipeline_is_shown_as_a_tree_with_every_task(api: RecordedApi, slipway: Shell) -> None:
    api.on(STATE, a_pipeline("RUNNING", *TASKS))

    root, *lines = slipway("task-pipeline", "state", "night/ppl_1").stdout.splitlines()

    assert "night/cluster" in root
    assert root.endswith("running, by ann")
    assert [line.split()[2] for line in lines] == ["create", "work", "delete"]
    assert lines[0].endswith("failed, exit code 3")
    assert lines[2].endswith("after work, also after a failure")


def test_a_pipeline_is_named_by_its_latest_run(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/pipelines/night", {"pipelines": [a_pipeline("RUNNING"), a_pipeline("FAILED", id="ppl_0")]})
    api.on(STATE, a_pipeline("RUNNING", *TASKS))

    assert slipway("task-pipeline", "state", "night/cluster").exit_code == 0
    missing = slipway("task-pipeline", "state", "night/none")
    assert (missing.exit_code, "there is cluster" in missing.stderr) == (3, True)


@pytest.mark.parametrize(("status", "code"), [("SUCCEEDED", 0), ("FAILED", 1), ("ERROR", 1), ("KILLED", 2)])
def test_a_pipeline_is_watched_to_its_end(api: RecordedApi, slipway: Shell, status: str, code: int) -> None:
    api.on(STATE, a_pipeline("PENDING"), a_pipeline("RUNNING", *TASKS), a_pipeline(status, *TASKS))

    watched = slipway("task-pipeline", "state", "night/ppl_1", "--wait")

    assert watched.exit_code == code
    assert "create: failed (exit code 3)" in watched.stdout
    assert "slipway task logs tsk_create" in watched.stderr
    assert ("slipway task-pipeline retry night/ppl_1" in watched.stderr) is (code != 0)


def test_a_pipeline_is_killed_with_its_cleaning_up_or_without(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /v1/pipeline/kill/ppl_1", {"id": "ppl_1", "status": "KILLING"})
    api.on(STATE, a_pipeline("KILLING", *TASKS), a_pipeline("KILLED", *TASKS))

    assert slipway("task-pipeline", "kill", "night/ppl_1").stdout == BEGUN.format("stops")
    assert api.last("POST").body is None
    assert slipway("task-pipeline", "kill", "night/ppl_1", "--no-cleanup", "--wait").exit_code == 2
    assert api.last("POST").body == {"cleanup": "false"}


def test_a_pipeline_is_retried(api: RecordedApi, slipway: Shell) -> None:
    api.on("POST /v1/pipeline/retry/ppl_1", a_pipeline("PENDING"))

    assert slipway("task-pipeline", "retry", "night/ppl_1").stdout == BEGUN.format("runs again")
    error = {"code": "CONFLICT", "message": "the run is running: only what ended badly can be retried", "details": []}
    api.on("POST /v1/pipeline/retry/ppl_1", Answer(body={"error": error}, status=409))
    refused = slipway("task-pipeline", "retry", "night/ppl_1", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]["message"]) == (1, error["message"])


def test_pipelines_are_listed(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/pipelines", {"pipelines": [a_pipeline("RUNNING")]})
    api.on("GET /v1/list/pipelines/day", {"pipelines": []})

    line = slipway("task-pipeline", "list").stdout.splitlines()[1].split()

    assert (line[:3], line[-1]) == (["night", "cluster", "RUNNING"], "ppl_1")
    assert "no pipelines" in slipway("task-pipeline", "list", "day").stdout
