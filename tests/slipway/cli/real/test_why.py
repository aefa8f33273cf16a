"""Why a run does not go on, and which runners there are, as the platform itself answers."""

from tests.dialects.matrix.callers import READER, STRANGER
from tests.slipway.cli.real.conftest import Slipway, told
from tests.slipway.cli.real_api import RealApi


def lines(told: str) -> list[str]:
    return [line.strip("│├└─ ") for line in told.splitlines()]


def test_a_gate_says_who_may_open_it_and_by_which_command(shop: Slipway) -> None:
    shop("pipeline", "trigger", "web", "release")
    said = lines(shop("why", "web/release", by=READER).stdout)
    assert said[0] == "● web/release#1  running"
    assert said[1].startswith("◆ try / go  since ")
    assert said[2:] == [
        "waits for 1 approval by anybody with write in web",
        'next: slipway run approve "web/release#1" "go"',
    ]
    (hold,) = told(shop("why", "web/release", "--json"))["holds"]
    assert (hold["kind"], hold["quorum"], hold["who"]["level"]) == ("approval", 1, "write")


def test_a_build_without_a_runner_says_that_there_is_none(shop: Slipway, api: RealApi) -> None:
    shop("build", "trigger", "web", "staging", "app")
    api.world.house.work_off()
    said = shop("why", "web/staging/app").stdout
    assert "no runner of pool default is up; none was seen in 7 days" in said
    assert "next: slipway runner --pool default" in said
    assert shop("runner", "list", by=READER).stdout.startswith("no runners")


def test_who_may_not_see_a_run_is_not_told_why(shop: Slipway) -> None:
    run = told(shop("pipeline", "trigger", "web", "release", "--json"))["id"]
    assert "not found" in shop("why", run, by=STRANGER, code=3).stderr
