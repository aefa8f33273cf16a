"""What test results say about a test gate."""

import pytest

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.results import verdict
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.plans.work import Qualifier, TestResults
from tests.builders import NOON


def results(passed: int, failed: int, name: str = "unit", stage: str = "one") -> Results:
    return Results(stage=stage, name=name, at=NOON, passed=passed, failed=failed)


def test_there_is_no_verdict_before_the_stage_reported() -> None:
    asked = TestResults(stage="one", qualifier=Qualifier.ALL_PASSED)
    assert verdict(asked, ()) is None
    assert verdict(asked, (results(1, 0, stage="two"),)) is None


@pytest.mark.parametrize(
    ("qualifier", "value", "passed", "failed", "phase"),
    [
        (Qualifier.ALL_PASSED, 0, 9, 0, Phase.SUCCEEDED),
        (Qualifier.ALL_PASSED, 0, 9, 1, Phase.FAILED),
        (Qualifier.PASSED_AT_LEAST, 9, 9, 5, Phase.SUCCEEDED),
        (Qualifier.PASSED_AT_LEAST, 9, 8, 0, Phase.FAILED),
        (Qualifier.FAILED_AT_MOST, 2, 0, 2, Phase.SUCCEEDED),
        (Qualifier.FAILED_AT_MOST, 2, 9, 3, Phase.FAILED),
        (Qualifier.PERCENT_PASSED_AT_LEAST, 90, 9, 1, Phase.SUCCEEDED),
        (Qualifier.PERCENT_PASSED_AT_LEAST, 90.1, 9, 1, Phase.FAILED),
    ],
)
def test_the_qualifier_decides(qualifier: Qualifier, value: float, passed: int, failed: int, phase: Phase) -> None:
    said = verdict(TestResults(stage="one", qualifier=qualifier, value=value), (results(passed, failed),))
    assert said is not None
    assert said.phase is phase


def test_all_sets_of_the_stage_count_together() -> None:
    asked = TestResults(stage="one", qualifier=Qualifier.PASSED_AT_LEAST, value=10)
    said = verdict(asked, (results(6, 0), results(4, 1, "smoke"), results(50, 0, stage="two")))
    assert said is not None
    assert (said.phase, said.reason) == (Phase.SUCCEEDED, "10 passed, 1 failed; asked for passed-at-least 10")
