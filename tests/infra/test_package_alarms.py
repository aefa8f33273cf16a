"""Alarms: what they watch, and that whoever is woken finds what to do."""

import json
import logging
import re
from fnmatch import fnmatchcase

import pytest

from chalicelib.functions import worker
from chalicelib.http.site import serve
from infra.package import alarms, overview
from infra.package.functions import FUNCTIONS
from infra.package.stage import ROOT

ALARMS = {name: one["Properties"] for name, one in alarms.resources().items() if "Alarm" in one["Type"]}


def told() -> set[str]:
    """The alarms of which docs/operations.md says what they mean and what to do."""
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page.partition("| alarm | means | do |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_of_each_alarm_it_is_said_what_to_do() -> None:
    assert [name for name in ALARMS if not any(fnmatchcase(name, pattern) for pattern in told())] == []
    assert [pattern for pattern in told() if not any(fnmatchcase(name, pattern) for name in ALARMS)] == []


def test_errors_throttles_and_time_of_every_function_are_watched() -> None:
    watched = {
        (one["MetricName"], one["Dimensions"][0]["Value"]["Ref"])
        for one in ALARMS.values()
        if one["Namespace"] == "AWS/Lambda"
    }
    functions = {"APIHandler", *(f"{function.name.capitalize()}Function" for function in FUNCTIONS)}
    assert watched >= {(metric, name) for metric in ("Errors", "Throttles", "Duration") for name in functions}


def test_a_function_is_slow_before_it_is_ended() -> None:
    for function in FUNCTIONS:
        alarm = ALARMS[f"{function.name.capitalize()}IsSlow"]
        assert alarm["Threshold"] < function.seconds * 1000


def test_what_nobody_foresaw_is_logged_as_the_filter_looks_for_it(caplog: pytest.LogCaptureFixture) -> None:
    assert alarms.UNFORESEEN == '{ ($.level = "ERROR") && ($.logger = "slipway*") }'

    worker.attempt(lambda: dict[str, str]()["missing"], of="a message")

    (line,) = caplog.records
    assert (line.levelno, line.name) == (logging.ERROR, "slipway")
    assert "KeyError" in json.loads(line.message)["trace"]
    assert serve.LOG.name.startswith("slipway")


def test_the_dashboard_shows_every_function_and_queue() -> None:
    body = json.loads(overview.resources()["Overview"]["Properties"]["DashboardBody"]["Fn::Sub"])
    shown = json.dumps(body)
    assert all(f"${{{alarms.function_id(name)}}}" in shown for name in alarms.TIMEOUTS)
    assert shown.count("QueueDead.QueueName") == 5


def test_the_log_of_requests_has_no_path_for_paths_may_hold_codes() -> None:
    assert "$context.path" not in overview.ACCESS.values()
    assert overview.ACCESS["resource"] == "$context.resourcePath"
