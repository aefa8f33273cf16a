"""Tasks are deployed, listed, shown, watched, heard and deleted."""

import json
from pathlib import Path

import pytest

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell
from tests.slipway.cli.task_answers import LISTED, POD, a_task

STATE = "GET /v1/task/state/tsk_1"
LOGS = "GET /v1/task/logs/tsk_1"
DEPLOY = "/v2/task/elaborate/deploy/quick_start/jobs%2Ffib"


def test_a_directory_is_deployed(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {DEPLOY}", a_task("PENDING", name=None, kind=None))

    deployed = slipway("task", "deploy", "quick_start/jobs/fib", "-n", "night", "--branch", "main", "--schedule", "")

    assert deployed.stdout == "created task night/fib: tsk_1\nslipway task state tsk_1 --wait\n"
    assert api.last("POST").body == {"namespace": "night", "branch": "main", "schedule": ""}


def test_a_manifest_is_deployed_with_options_over_the_file(api: RecordedApi, slipway: Shell, tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text('{"type": "job", "name": "own", "cmd": ["true"]}')
    api.on("POST /v2/task/deploy/with-configuration", a_task("PENDING", operation="updated"))

    deployed = slipway("task", "deploy", "quick_start/fib", "-f", str(file), "-n", "night", "--name", "fib")

    assert deployed.stdout.startswith("updated job night/fib: tsk_1\n")
    assert api.last("POST").body == {
        "namespace": "night", "repository": "quick_start", "directory": "fib",
        "configuration": {"type": "job", "name": "fib", "cmd": ["true"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [((), "REPOSITORY/DIRECTORY"), (("-f", "-"), "--namespace"), (("alone",), "quick_start/jobs/nightly")],
)
def test_a_deploy_of_nothing_is_wrong_usage(slipway: Shell, words: tuple[str, ...], said: str) -> None:
    refused = slipway("task", "deploy", *words)

    assert (refused.exit_code, said in refused.stderr) == (64, True)


def test_a_refused_manifest_names_every_defect(api: RecordedApi, slipway: Shell) -> None:
    details = [{"path": "replicas", "message": "must be a whole number"}, {"path": "x", "message": "unknown key"}]
    error = {"code": "MANIFEST_INVALID", "message": "2 defects", "details": details}
    api.on("POST /v2/task/deploy/with-configuration", Answer(body={"error": error}, status=400))

    refused = slipway("task", "deploy", "-f", "-", "-n", "night", stdin="{}")

    assert refused.exit_code == 1
    assert all(word in refused.stderr for word in ("2 defects", "replicas", "must be a whole number", "unknown key"))


@pytest.mark.parametrize(
    ("status", "code"),
    [("SUCCEEDED", 0), ("AVAILABLE", 0), ("SCHEDULED", 0), ("FAILED", 1), ("ERROR", 1), ("DELETED", 2)],
)
def test_a_deploy_is_watched_until_it_has_settled(api: RecordedApi, slipway: Shell, status: str, code: int) -> None:
    api.on(f"POST {DEPLOY}", a_task("PENDING"))
    api.on(STATE, a_task("PENDING"), a_task("RUNNING", POD), a_task(status, POD, message="so it is"))

    watched = slipway("task", "deploy", "quick_start/jobs/fib", "--wait")

    assert watched.exit_code == code
    assert "night/fib: waits for a runner (pending, job)" in watched.stdout
    assert "hello-0: running (restarts: 2, exit code 137)" in watched.stdout
    assert ("slipway task logs tsk_1" in watched.stderr) is (code == 1)


def test_a_cron_job_that_was_read_has_not_ended(api: RecordedApi, slipway: Shell) -> None:
    api.on(STATE, a_task("SCHEDULED", kind="cronjob", finished_at="2030-05-01T12:00:03Z"))

    assert slipway("task", "state", "tsk_1", "--wait").stdout.endswith(
        "night/fib: waits for its time (scheduled, cronjob)\n"
    )


def test_what_is_watched_is_a_line_of_json_for_each_change(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/tasks/night", LISTED)
    api.on(STATE, a_task("RUNNING"), a_task("RUNNING"), a_task("SUCCEEDED"))

    lines = slipway("task", "state", "night/fib", "--wait", "--json").stdout.splitlines()

    assert [json.loads(line)["status"] for line in lines] == ["RUNNING", "SUCCEEDED"]


def test_tasks_are_listed_with_their_kinds(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/tasks", LISTED)
    api.on("GET /v1/list/tasks/day", {name: [] for name in LISTED})

    lines = [line.split() for line in slipway("task", "list").stdout.splitlines()]

    assert lines[1:] == [
        ["night", "fib", "job", "SUCCEEDED", "tsk_1"],
        ["night", "hello", "service", "AVAILABLE", "1/2", "/hello/", "tsk_2"],
    ]
    assert "no tasks" in slipway("task", "list", "day").stdout
    assert [one["kind"] for one in json.loads(slipway("task", "list", "--json").stdout)] == ["job", "service"]


def test_the_state_of_a_task_has_its_pods_and_names_of_variables(api: RecordedApi, slipway: Shell) -> None:
    api.on(STATE, a_task("RUNNING", POD, notes=["the image is not run"]))

    shown = slipway("task", "state", "tsk_1").stdout

    assert all(word in shown for word in ("RUNNING", "HOME_PAGE", "the image is not run", "hello-0", "137"))


def test_a_task_that_is_not_there_is_not_found(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/tasks/night", LISTED)

    missing, nameless = slipway("task", "logs", "night/none"), slipway("task", "logs", "night")

    assert (missing.exit_code, "no task none in namespace night" in missing.stderr) == (3, True)
    assert "there is fib, hello" in missing.stderr
    assert (nameless.exit_code, "NAMESPACE/NAME" in nameless.stderr) == (64, True)


@pytest.mark.parametrize(("status", "code"), [("SUCCEEDED", 0), ("FAILED", 1)])
def test_a_followed_log_ends_with_the_task_and_its_outcome(
    api: RecordedApi, slipway: Shell, status: str, code: int
) -> None:
    one = {"seq": 1, "at": "", "stream": "out", "text": "\x1b[2J5\n"}
    api.on(LOGS, {"chunks": [one], "next": 1}, {"chunks": [], "next": 1})
    api.on(STATE, a_task(status))

    followed = slipway("task", "logs", "tsk_1", "-f", "--pod", "fib-0")

    assert (followed.stdout, followed.exit_code) == ("5\n", code)
    assert {dict(asked.query)["pod"] for asked in api.asked if "logs" in asked.path} == {"fib-0"}


def test_a_line_of_a_log_that_comes_in_pieces_is_one_line(api: RecordedApi, slipway: Shell) -> None:
    texts = ["on", "e\ntw", "o\n", "three"]
    pieces = [{"seq": seq, "at": "", "stream": "out", "text": text} for seq, text in enumerate(texts, start=1)]
    api.on(LOGS, {"chunks": pieces[:2], "next": 2}, {"chunks": pieces[2:], "next": 4}, {"chunks": [], "next": 4})

    assert slipway("task", "logs", "tsk_1").stdout == "one\ntwo\nthree\n"


def test_a_task_is_deleted_by_its_kind_and_name(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/tasks/night", LISTED)
    api.on(STATE, a_task("SUCCEEDED"))
    api.on("DELETE /v1/delete/job/night/fib", {"deleted": {"kind": "job", "namespace": "night", "name": "fib"}})

    unasked = slipway("task", "delete", "night/fib")
    deleted = slipway("task", "delete", "night/fib", "--yes")

    assert (unasked.exit_code, "add --yes" in unasked.stderr) == (64, True)
    assert deleted.stdout == "deleted job night/fib\n"


def test_no_other_task_is_deleted_for_one_that_lost_its_name(api: RecordedApi, slipway: Shell) -> None:
    newer = {**LISTED["jobs"][0], "id": "tsk_9"}
    api.on("GET /v1/list/tasks/night", {**LISTED, "jobs": [newer, LISTED["jobs"][0]]})
    api.on(STATE, a_task("SUCCEEDED"))

    refused = slipway("task", "delete", "tsk_1", "--yes")

    assert (refused.exit_code, "its name is that of tsk_9" in refused.stderr) == (3, True)
    assert [one for one in api.asked if one.method == "DELETE"] == []
