"""`slipway why` and `slipway runner list`, against recorded answers."""

import json
from typing import Any

from tests.slipway.cli.recorded_api import Answer, RecordedApi, Shell
from tests.slipway.cli.runs import a_run, at

RUN, EXPLAIN = "/api/v1/runs/R1", "/api/v1/runs/R1/explain"
NOTHING: dict[str, Any] = {
    "stage": "p0", "execution": 1, "node": "", "since": None, "who": None, "quorum": None, "given": [],
    "earliest": None, "expires_at": None, "holder": None, "place": None, "pool": None, "superseded_by": None,
    "log": None, "run": "R1", "path": ["production"],
}  # fmt: skip
GPU = {
    "name": "gpu", "up": 0, "slots": 0, "busy": 0, "last_seen_at": at(-7200),
    "runners": [{"name": "r1", "up": False, "seen_at": at(-7200), "slots": 2, "busy": 1, "version": "0.1.0"}],
}  # fmt: skip


def hold(kind: str, reason: str, **more: object) -> dict[str, Any]:
    return {**NOTHING, "kind": kind, "reason": reason, **more}


def explained(*holds: dict[str, Any], phase: str = "running") -> dict[str, Any]:
    return {"run": "R1", "phase": phase, "at": at(0), "holds": list(holds)}


def why(api: RecordedApi, slipway: Shell, *holds: dict[str, Any], phase: str = "running") -> str:
    api.on(f"GET {EXPLAIN}", explained(*holds, phase=phase))
    api.on(f"GET {RUN}", a_run(phase))
    result = slipway("why", "R1")
    assert result.exit_code == 0, result.stderr
    return str(result.stdout)


def test_all_that_holds_a_run_is_a_branch_with_what_to_do_next(api: RecordedApi, slipway: Shell) -> None:
    told = why(
        api,
        slipway,
        hold("approval", "waits for 1 approval by team ops", path=["production", "go"], node="g1"),
        hold("runner", "no runner of pool gpu is up", path=["production", "train"], node="s1", pool=GPU),
    )
    lines = [line.strip("│├└─ ") for line in told.splitlines()]
    assert lines[0] == "● shop/delivery#7  running: 2 things"
    assert lines[1:4] == [
        "◆ production / go",
        "waits for 1 approval by team ops",
        'next: slipway run approve "shop/delivery#7" "go"',
    ]
    assert lines[4:6] == ["◍ production / train", "no runner of pool gpu is up"]
    assert lines[6].startswith("runner r1: down, 1 of 2 slots busy, seen ")
    assert lines[7:] == ["next: slipway runner --pool gpu", "next: slipway runner list --pool gpu"]


def test_a_failed_step_shows_the_end_of_its_log_without_escape_sequences(api: RecordedApi, slipway: Shell) -> None:
    log = {"job": "R2.1.s1.1", "lines": ["compiling", "\x1b[2Jno such [file]"]}
    failed = hold("failed", "exit code 1", run="R2", path=["staging", "web", "build"], node="s1", log=log)
    told = why(api, slipway, failed, phase="failed")
    assert "compiling" in told
    assert "no such [file]" in told
    assert "\x1b" not in told
    assert 'next: slipway run logs R2 "build"' in told
    assert 'next: slipway run retry "shop/delivery#7"' in told


def test_of_each_kind_is_said_how_to_go_on(api: RecordedApi, slipway: Shell) -> None:
    holder = {"run": "R0", "title": "shop/delivery#6"}
    told = why(
        api,
        slipway,
        hold("promotion", "waits to be promoted"),
        hold("time", "waits until noon", path=["production", "night"], node="g1", expires_at=at(60)),
        hold("lock", "is held", holder=holder, place=1),
        hold("superseded", "overtaken", superseded_by=holder),
        hold("starting", "in a moment"),
        hold("a kind of a newer platform", "something else"),
    )
    assert [line.partition("next: ")[2] for line in told.splitlines() if "next: " in line] == [
        'slipway run promote "shop/delivery#7" "production"',
        'slipway run override "shop/delivery#7" "night"',
        'slipway why "shop/delivery#6"',
        'slipway run show "shop/delivery#6"',
    ]
    assert "something else" in told
    assert "ends badly at" in told


def test_a_run_that_nothing_holds_says_so(api: RecordedApi, slipway: Shell) -> None:
    assert why(api, slipway).splitlines() == ["● shop/delivery#7  running: nothing holds it"]


def test_in_json_it_is_what_the_platform_says(api: RecordedApi, slipway: Shell) -> None:
    told = explained(hold("starting", "in a moment"))
    api.on(f"GET {EXPLAIN}", told)
    api.on(f"GET {RUN}", a_run("running"))
    assert json.loads(slipway("why", "R1", "--json").stdout) == told


def test_a_run_that_is_not_there_says_what_to_do(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/projects/shop/runs", [])
    result = slipway("why", "shop/delivery")
    assert result.exit_code == 3
    assert "slipway run list -p shop" in result.stderr


def test_runners_are_listed_by_pool(api: RecordedApi, slipway: Shell) -> None:
    runner = {"pool": "gpu", "labels": {"gpu": "a100", "os": "linux"}, **GPU["runners"][0]}  # type: ignore[index]  # it is a list of objects
    api.on("GET /api/v1/runners", [runner])
    told = slipway("runner", "list", "--pool", "gpu").stdout.splitlines()
    assert told[0].split() == ["POOL", "RUNNER", "UP", "BUSY", "SLOTS", "LAST", "SEEN", "LABELS", "VERSION"]
    assert told[1].split()[:2] == ["gpu", "r1"]
    assert "gpu=a100, os=linux" in told[1]
    assert json.loads(slipway("runner", "list", "--json").stdout) == [runner]


def test_where_there_are_no_runners_is_said_how_to_start_one(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/runners", Answer(body=[]))
    assert "slipway runner" in slipway("runner", "list").stdout


def test_a_runner_is_drained_and_given_jobs_again(api: RecordedApi, slipway: Shell) -> None:
    path = "/api/v1/runners/gpu/gpu%2F1/drain"
    api.on(f"POST {path}", {"pool": "gpu", "name": "gpu/1", "busy": 2, "drained_by": "ann"})

    assert "is given no more jobs, and holds 2" in slipway("runner", "drain", "gpu/1", "--pool", "gpu").stdout
    assert api.last("POST").body == {"drained": True}
    assert "is given jobs again" in slipway("runner", "drain", "gpu/1", "--pool", "gpu", "--undo").stdout
    assert api.last("POST").body == {"drained": False}
