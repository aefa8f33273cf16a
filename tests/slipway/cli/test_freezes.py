"""Freezes and stops of the line: made, listed and lifted; a stage passes one."""

from slipway.cli.exit_codes import ExitCode
from tests.slipway.cli.recorded_api import RecordedApi, Shell

FREEZES, STOPS = "/api/v1/freezes", "/api/v1/stops"
STOP = {
    "id": "f1", "project": "", "environment": "", "stop": True, "begins": "2026-06-01T12:00:00+00:00",
    "ends": "2026-06-01T14:00:00+00:00", "opens": "", "closes": "", "timezone": "UTC", "reason": "smoke", "by": "ann",
    "at": "2026-06-01T12:00:00+00:00", "may_pass": {"users": [], "teams": [], "reasons": []},
    "holds_until": "2026-06-01T14:00:00+00:00", "next": None,
}  # fmt: skip
NIGHTS = {
    **STOP, "id": "f2", "project": "web", "environment": "production", "stop": False, "begins": None, "ends": None,
    "opens": "0 0 22 * * ?", "closes": "0 0 6 * * ?", "holds_until": None, "next": "2026-06-01T22:00:00+00:00",
}  # fmt: skip


def test_the_line_is_stopped_for_a_while(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {STOPS}", STOP)

    shown = slipway("stop", "--for", "2h", "--reason", "smoke")

    assert api.last("POST").body == {"seconds": 7200, "reason": "smoke", "environment": ""}
    assert "f1: */* is stopped until 2026-06-01" in shown.stdout


def test_a_length_that_is_none_is_refused_before_anything_is_asked(slipway: Shell) -> None:
    refused = slipway("stop", "--for", "soon", "--reason", "smoke")
    assert refused.exit_code == ExitCode.USAGE
    assert "'soon' is no length" in refused.stderr


def test_the_line_goes_on(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"DELETE {STOPS}", {"lifted": ["f1"]})
    assert "lifted: f1" in slipway("resume").stdout


def test_an_environment_is_frozen_by_cron(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"POST {FREEZES}", NIGHTS)
    crons = ("--opens", "0 0 22 * * ?", "--closes", "0 0 6 * * ?")

    where = ("-p", "web", "--env", "production")
    shown = slipway("freeze", "add", *where, *crons, "--reason", "nights", "--pass-team", "sre")

    assert api.last("POST").body == {
        "environment": "production", "opens": "0 0 22 * * ?", "closes": "0 0 6 * * ?", "timezone": "UTC",
        "reason": "nights", "may_pass": {"users": [], "teams": ["sre"], "reasons": []},
    }  # fmt: skip
    assert "f2: web/production is frozen, 0 0 22 * * ? to 0 0 6 * * ? UTC" in shown.stdout


def test_freezes_are_listed_and_lifted_where_they_were_made(api: RecordedApi, slipway: Shell) -> None:
    api.on(f"GET {FREEZES}", {"items": [STOP, NIGHTS]})
    api.on(f"DELETE {FREEZES}/f2", None)

    listed, removed = slipway("freeze", "list"), slipway("freeze", "remove", "f2")

    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == ["f1", "f2"]
    assert api.last("DELETE").query == {"project": "web"}
    assert "f2 is lifted" in removed.stdout
    assert "no freeze f9" in slipway("freeze", "remove", "f9").stderr


def test_the_calendar_says_when_one_may_deploy_next(api: RecordedApi, slipway: Shell) -> None:
    entry = {
        "kind": "freeze", "begins": "2100-01-01T00:00:00+00:00", "ends": "2100-01-02T00:00:00+00:00",
        "title": "winter", "project": "web", "environment": "production", "id": "f1",
    }  # fmt: skip
    openings = {"test": "2026-06-01T12:00:00+00:00", "production": "2100-01-02T00:00:00+00:00"}
    api.on("GET /api/v1/calendar", {"begins": "", "ends": "", "items": [entry], "openings": openings})

    shown = slipway("calendar", "-p", "web", "--month", "2100-01")

    assert api.last("GET").query == {"project": "web", "month": "2100-01"}
    assert "test is open" in shown.stdout
    assert "production is frozen until 2100-01-0" in shown.stdout
