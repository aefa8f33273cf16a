"""`slipway run changes`, and decisions that are sent with what was shown."""

from typing import Any

import pytest

from tests.slipway.cli.change_sets import CHANGES, DEPLOYMENT
from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import a_node, a_run, a_stage

WAITS = a_run("running", a_stage("ship", "gates", a_node("go", "waiting-person", key="g1", kind="gate")))
APPROVAL = "/api/v1/runs/R1/approvals/g1"


@pytest.fixture
def waiting(api: RecordedApi) -> RecordedApi:
    """A platform where a run waits at its gate."""
    api.on("GET /api/v1/runs/R1", WAITS)
    api.on(f"GET {APPROVAL}", shown())
    api.on("POST /api/v1/runs/R1/decisions", WAITS)
    return api


def shown(**changes: object) -> dict[str, Any]:
    return {"environment": "live", "changes": {**CHANGES, **changes}}


def test_what_a_decision_lets_in_is_shown(waiting: RecordedApi, slipway: Shell) -> None:
    said = slipway("run", "changes", "R1").stdout

    assert waiting.last("GET").query == {"execution": "1"}
    for line in (
        "go, into live",
        "deploy app in shop/live: 0.9 → 1.0",
        "+ 1.0 0123456789 Mend the till, by Cy",
        "+ 0.9.5 0123456789, by bob",
        "+ till0.py",
        "and 2 files more",
        "~ input port: 80 → 81",
        "+ input password (secret)",
        "- provider db: was 'postgres'",
        "steps, against those of run R0",
        "~ smoke: script on a runner of pool gpu (pool)",
        f"digest {CHANGES['digest']}",
    ):
        assert line in said


def test_a_release_that_cannot_be_told_and_one_that_goes_say_so(waiting: RecordedApi, slipway: Shell) -> None:
    unknown = {**DEPLOYMENT, "new": None, "reason": "no version of demo/app", "commits": None, "files": None}
    gone = {**DEPLOYMENT, "action": "destroy", "new": None, "back": True}
    waiting.on(f"GET {APPROVAL}", shown(deployments=[unknown, gone]))
    said = slipway("run", "changes", "R1").stdout

    for line in ("0.9 → ?", "no version of demo/app", "destroy app in shop/live: 0.9 → none", "- 1.0 0123456789"):
        assert line in said


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decision_is_sent_with_the_digest_that_was_shown(waiting: RecordedApi, slipway: Shell, decision: str) -> None:
    result = slipway("run", decision, "R1")

    assert "deploy app in shop/live: 0.9 → 1.0" in result.stderr
    assert waiting.last("POST").body == {
        "decision": decision,
        "node": "g1",
        "execution": 1,
        "notes": "",
        "digest": CHANGES["digest"],
    }


def test_a_digest_that_was_seen_before_is_sent_as_it_is(waiting: RecordedApi, slipway: Shell) -> None:
    slipway("run", "approve", "R1", "--digest", "ab" * 32)

    assert waiting.last("POST").body["digest"] == "ab" * 32
    assert APPROVAL not in [one.path for one in waiting.asked]


def test_where_nothing_waits_no_more_nothing_is_bound(waiting: RecordedApi, slipway: Shell) -> None:
    waiting.refuse(f"GET {APPROVAL}", 404, "nothing waits")
    slipway("run", "approve", "R1")

    assert "digest" not in waiting.last("POST").body
    assert slipway("run", "changes", "R1").exit_code == 3
