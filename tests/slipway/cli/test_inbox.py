"""`slipway inbox`: what waits for one's word, and many decisions at once."""

import json
from typing import Any

from tests.slipway.cli.change_sets import CHANGES
from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import a_run, at

APPROVALS = "/api/v1/approvals"


def waiting(run: str, number: int) -> dict[str, Any]:
    return {
        "run": a_run("running", id=run, run_nr=number),
        "execution": 2,
        "node": "g1",
        "name": "go",
        "stage": "production",
        "environment": "live",
        "since": at(0),
        "expires_at": None,
        "users": [],
        "teams": ["sre"],
        "admins": False,
        "quorum": 2,
        "given": ["ada"],
        "tests": [{"name": "unit", "passed": 9, "failed": 1}],
        "releases": [{"id": "demo/app-v1.0", "by": "bob"}],
        "there": [{"application": "demo/app", "version": "0.9"}],
        "changes": CHANGES,
    }


def test_what_waits_is_listed_with_quorum_tests_and_builder(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {APPROVALS}", {"items": [waiting("R1", 7)], "next": "R1"}, {"items": [waiting("R2", 8)], "next": None})

    lines = slipway("inbox", "--json").stdout
    asked = [dict(one.query) for one in api.asked]
    table = slipway("inbox").stdout

    assert [one["run"]["id"] for one in json.loads(lines)] == ["R1", "R2"]
    assert asked == [
        {"whole": "true", "mine": "true", "page_size": "20"},
        {"whole": "true", "mine": "true", "page_size": "20", "page_from": "R1"},
    ]
    assert "app 0.9 → 1.0 (2 commits" in " ".join(table.split())
    for said in (
        "shop/delivery#8",
        "production/go",
        "live",
        "0.9",
        "1 of 2",
        "team sre",
        "9 ok",
        "by bob",
        "app 0.9 → 1.0 (2 commits",
    ):
        assert said in " ".join(table.split())


def test_decisions_about_many_go_by_one_request(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {APPROVALS}", {"items": [waiting("R1", 7), waiting("R2", 8)], "next": None})
    faster = "go does not wait: ada approved it at 2030-05-01T12:00:00Z"
    decided = [
        {"run": "R1", "node": "g1", "status": 200, "phase": "running", "message": ""},
        {"run": "R2", "node": "g1", "status": 409, "phase": None, "message": faster},
    ]
    api.on(f"POST {APPROVALS}", {"items": decided})

    result = slipway("inbox", "--approve", "R1", "--reject", "shop/delivery#8", "--notes", "today")

    assert result.exit_code == 1
    assert "ada approved it" in " ".join(result.stdout.split())
    assert [(one["run"], one["decision"]) for one in api.last("POST").body["decisions"]] == [
        ("R1", "approve"),
        ("R2", "reject"),
    ]
    assert api.last("POST").body["decisions"][0] == {
        "run": "R1",
        "node": "g1",
        "execution": 2,
        "decision": "approve",
        "notes": "today",
        "digest": CHANGES["digest"],
    }


def test_a_run_in_which_nothing_waits_is_refused_before_anything_is_decided(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {APPROVALS}", {"items": [waiting("R1", 7)], "next": None})

    result = slipway("inbox", "--approve", "R1", "--approve", "R9")

    assert result.exit_code != 0
    assert "nothing in R9 waits for you" in result.stderr
    assert [one.method for one in api.asked] == ["GET"]
