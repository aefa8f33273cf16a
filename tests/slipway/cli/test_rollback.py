"""What a deploy would change, told before; and back to what was deployed before."""

import json

import pytest

from tests.slipway.cli.change_sets import CHANGES
from tests.slipway.cli.recorded_api import RecordedApi, Shell
from tests.slipway.cli.runs import a_run
from tests.slipway.cli.terminal import a_terminal, in_terminal

PLACE = "/api/v1/projects/shop/environments/live/deployments/shop%2Fweb"
BACK = ("rollback", "shop", "live", "shop/web")
EFFECTS = [
    {"kind": "script", "what": "a runner performs deploy"},
    {"kind": "hold", "what": "live is frozen by ada: winter"},
]
PLAN = {"release": "demo/app-v1.0", "changes": {**CHANGES, "since": None, "steps": []}, "effects": EFFECTS}
EARLIER = {"release": "demo/app-v1.0", "at": "2030-05-01T12:00:00+00:00", "by": "ada", "run": "R0"}
KEPT = ["an errand of demo/app-v1.1 was run"]


@pytest.fixture
def before(api: RecordedApi) -> RecordedApi:
    """A platform where a release was deployed before."""
    api.on(f"POST {PLACE}/plan", PLAN)
    api.on(f"GET {PLACE}/rollback", {**PLAN, "to": EARLIER, "kept": KEPT})
    api.on(f"POST {PLACE}/rollback", {"run": "R1"})
    api.on("GET /api/v1/runs/R1", a_run("succeeded"))
    return api


def test_a_deploy_is_told_before_and_nothing_is_asked_for(before: RecordedApi, slipway: Shell) -> None:
    said = slipway("deploy", "shop", "live", "shop/web", "--version", "1.0", "-i", "size=3", "--plan")

    assert said.exit_code == 0
    assert before.last("POST").body == {"version": "1.0", "inputs": {"size": 3}}
    assert [one.path for one in before.asked] == [f"{PLACE}/plan"]
    for line in ("deploying demo/app-v1.0 would change", "0.9 → 1.0", "a runner performs deploy", "frozen by ada"):
        assert line in said.stdout


def test_a_rollback_is_told_with_what_it_does_not_undo(before: RecordedApi, slipway: Shell) -> None:
    said = slipway(*BACK, "--plan")

    for line in ("back to demo/app-v1.0", "by ada", "0.9 → 1.0", "not undone", "an errand of demo/app-v1.1 was run"):
        assert line in said.stdout
    assert json.loads(slipway(*BACK, "--plan", "--json").stdout)["kept"] == KEPT
    assert {one.method for one in before.asked} == {"GET"}


def test_where_nobody_can_answer_it_wants_to_be_told(before: RecordedApi, slipway: Shell) -> None:
    said = slipway(*BACK)

    assert (said.exit_code, "add --yes" in said.stderr) == (64, True)
    assert {one.method for one in before.asked} == {"GET"}


def test_it_is_bound_to_what_was_shown_and_watched_to_its_end(before: RecordedApi, slipway: Shell) -> None:
    said = slipway(*BACK, "--yes")

    assert (said.exit_code, before.last("POST").body) == (0, {"digest": CHANGES["digest"]})
    assert "not undone" in said.stderr
    assert "run watch R1" in slipway(*BACK, "--yes", "--no-wait").stdout


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1)])
def test_on_a_terminal_it_asks(before: RecordedApi, answer: str, code: int) -> None:
    ended, shown = in_terminal([*BACK, "--no-wait"], a_terminal(before), answer)

    assert (ended, "roll shop/web in live back?" in shown) == (code, True)
    assert any(one.method == "POST" for one in before.asked) is (code == 0)
