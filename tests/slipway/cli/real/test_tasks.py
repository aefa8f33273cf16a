"""Tasks and their pipelines are deployed, run, shown, killed and deleted on the platform itself."""

import json
from pathlib import Path

from tests.slipway.cli.real.conftest import MANIFEST, Slipway, told

PIPELINE = {"name": "cluster", "tasks": [{"name": "create", "namespacetask": "quick_start/create"}]}


def written(file: Path, content: object) -> str:
    file.write_text(json.dumps(content))
    return str(file)


def test_a_task_is_deployed_and_deleted(night: Slipway, tmp_path: Path) -> None:
    file = written(tmp_path / "manifest.json", MANIFEST)

    task = told(night("task", "deploy", "-f", file, "-n", "night", "-p", "web", "--json"))["id"]

    assert night("task", "list", "night").stdout.splitlines()[1].split()[:3] == ["night", "hello", "job"]
    assert "hello" in night("task", "state", "night/hello").stdout
    assert night("task", "logs", task).stdout == ""
    assert night("task", "delete", task, "--yes").stdout == "deleted job night/hello\n"
    assert "is not deployed" in night("task", "delete", task, "--yes", code=3).stderr


def test_a_directory_is_deployed_under_a_name(night: Slipway) -> None:
    shown = told(night("task", "deploy", "quick_start/jobs/fib", "--name", "fib", "-p", "web", "--json"))

    assert (shown["directory"], shown["name"], shown["status"]) == ("jobs/fib", "fib", "PENDING")
    assert "no registered repository" in night("task", "deploy", "none/fib", "-p", "web", code=3).stderr


def test_a_pipeline_is_run_killed_and_retried(night: Slipway, tmp_path: Path) -> None:
    file = written(tmp_path / "pipeline.json", PIPELINE)

    night("task-pipeline", "run", "-f", file, "-n", "night", "-p", "web")

    assert night("task-pipeline", "list", "night").stdout.splitlines()[1].split()[:2] == ["night", "cluster"]
    assert "create" in night("task-pipeline", "state", "night/cluster").stdout
    night("task-pipeline", "kill", "night/cluster", "--no-cleanup", "--wait", code=2)
    assert "runs again" in night("task-pipeline", "retry", "night/cluster").stdout
    assert "only what ended badly" in night("task-pipeline", "retry", "night/cluster", code=1).stderr


def test_a_wrong_pipeline_is_refused_with_its_defects(night: Slipway, tmp_path: Path) -> None:
    lost = {"name": "work", "namespacetask": "quick_start/work", "dependance": ["nobody"]}
    file = written(tmp_path / "pipeline.json", {"name": "cluster", "tasks": [lost]})

    refused = night("task-pipeline", "run", "-f", file, "-n", "night", "-p", "web", code=1)

    assert all(word in refused.stderr for word in ("tasks[0].dependance", "nobody"))
