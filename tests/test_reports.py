"""What a process of several tells of each test."""

from typing import Literal

import pytest

from tests.reports import worth_telling

When = Literal["setup", "call", "teardown"]
Outcome = Literal["passed", "failed", "skipped"]


def report(when: When, outcome: Outcome) -> pytest.TestReport:
    return pytest.TestReport("a.py::a", ("a.py", 1, "a"), {}, outcome, None, when)


def told(*outcomes: Outcome) -> list[tuple[str, str]]:
    """What is told of a test whose parts ended like this."""
    parts: tuple[When, ...] = ("setup", "call", "teardown") if len(outcomes) == 3 else ("setup", "teardown")
    reports = [report(when, outcome) for when, outcome in zip(parts, outcomes, strict=True)]
    return [(str(one.when), one.outcome) for one in worth_telling(reports)]


def test_of_a_test_that_passed_one_report_is_told() -> None:
    assert told("passed", "passed", "passed") == [("call", "passed")]


def test_whatever_goes_wrong_is_told_wherever_it_does() -> None:
    assert told("failed", "passed") == [("setup", "failed")]
    assert told("skipped", "passed") == [("setup", "skipped")]
    assert told("passed", "failed", "passed") == [("call", "failed")]
    assert told("passed", "passed", "failed") == [("call", "passed"), ("teardown", "failed")]
    assert told("passed", "skipped", "failed") == [("call", "skipped"), ("teardown", "failed")]
