"""`slipway pods`, against recorded answers."""

import json

from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import at
from tests.slipway.cli.task_answers import POD


def chunk(seq: int, text: str) -> dict[str, object]:
    return {"seq": seq, "at": at(0), "stream": "out", "text": text}


def test_pods_are_listed_with_restarts_and_exit_codes(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /v1/list/pods", {"pods": [POD]})
    api.on("GET /v1/list/pods/night", {"pods": []})

    listed, none = slipway("pods"), slipway("pods", "night")

    assert all(word in listed.stdout for word in ("night", "hello-0", "Running", "yes", "2", "137", "tsk_1"))
    assert "no pods" in none.stdout
    assert json.loads(slipway("pods", "--json").stdout) == [POD]


def test_the_log_of_a_pod_is_shown_without_escape_sequences(api: RecordedApi, slipway: Shell) -> None:
    api.on(
        "GET /v1/task/logs/tsk_1", {"chunks": [chunk(1, "up\n\x1b[2Jat 5000\n")], "next": 1}, {"chunks": [], "next": 1}
    )

    shown = slipway("pods", "--log", "tsk_1", "--pod", "hello-0")

    assert shown.stdout.splitlines()[0] == "up"
    assert "\x1b" not in shown.stdout
    assert [one.query for one in api.asked] == [{"after": "0", "pod": "hello-0"}, {"after": "1", "pod": "hello-0"}]


def test_a_log_is_followed_until_its_task_has_ended(api: RecordedApi, slipway: Shell) -> None:
    nothing = {"chunks": [], "next": 1}
    api.on(
        "GET /v1/task/logs/tsk_1",
        {"chunks": [chunk(1, "one\n")], "next": 1}, nothing, {"chunks": [chunk(2, "two\n")], "next": 2},
        {"chunks": [], "next": 2},
    )  # fmt: skip
    api.on("GET /v1/task/state/tsk_1", {"status": "RUNNING"}, {"status": "SUCCEEDED"})

    assert slipway("pods", "--log", "tsk_1", "-f").stdout.splitlines() == ["one", "two"]
