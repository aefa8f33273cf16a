"""`slipway insights`: the numbers of delivery as a table with a line of bars."""

from typing import Any

from slipway.cli.commands.insights import sparkline
from tests.slipway.cli.recorded_api import RecordedApi, Shell


def week(deployments: int, failed: int, lead: float | None, restore: float | None) -> dict[str, Any]:
    attempts = deployments + failed
    return {
        "deployments": deployments,
        "attempts": attempts,
        "failed": failed,
        "failed_share": failed / attempts if attempts else None,
        "lead_seconds": lead,
        "restore_seconds": restore,
    }


def test_each_application_is_a_line_with_its_weeks_as_bars(api: RecordedApi, slipway: Shell) -> None:
    weeks = [week(8, 0, 600, None), week(0, 0, None, None), week(4, 4, 7200, 180_000)]
    found = {"project": "shop", "environment": "live", "weeks": ["2030-04-22", "2030-04-29", "2030-05-06"]}
    api.on("GET /api/v1/insights", {**found, "items": [{"application": "demo/app", "weeks": weeks}]})

    shown = slipway("insights", "shop", "--weeks", "3", "--app", "demo/app").stdout

    assert dict(api.last("GET").query) == {"project": "shop", "weeks": "3", "application": "demo/app"}
    for said in ("demo/app", "12 █▁▅", "1.1 h ▂ █", "25 % ▁ █", "2.1 d"):
        assert said in shown, (said, shown)


def test_without_deployments_there_is_nothing(api: RecordedApi, slipway: Shell) -> None:
    api.on("GET /api/v1/insights", {"project": "shop", "environment": "", "weeks": ["2030-05-06"], "items": []})
    assert "nothing was deployed" in slipway("insights", "shop").stdout


def test_bars_go_by_the_greatest_value() -> None:
    assert sparkline([0, None, 7, 3.5]) == "▁ █▅"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""
