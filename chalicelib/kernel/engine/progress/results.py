"""Evaluates test gates against reported test results."""

from collections.abc import Sequence

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.plans.work import Qualifier, TestResults
from slipway_formats.frozen import frozen


@frozen
class Verdict:
    """How a test gate ends, and why."""

    phase: Phase
    reason: str


def verdict(work: TestResults, results: Sequence[Results]) -> Verdict | None:
    """Evaluate a test gate; None until its stage has reported results."""
    of_stage = [one for one in results if one.stage == work.stage]
    if not of_stage:
        return None
    passed, failed = sum(one.passed for one in of_stage), sum(one.failed for one in of_stage)
    phase = Phase.SUCCEEDED if _meets(work, passed, failed) else Phase.FAILED
    return Verdict(phase=phase, reason=f"{passed} passed, {failed} failed; asked for {work.qualifier} {work.value:g}")


def _meets(work: TestResults, passed: int, failed: int) -> bool:
    match work.qualifier:
        case Qualifier.ALL_PASSED:
            return failed == 0
        case Qualifier.PASSED_AT_LEAST:
            return passed >= work.value
        case Qualifier.FAILED_AT_MOST:
            return failed <= work.value
        case Qualifier.PERCENT_PASSED_AT_LEAST:
            return passed * 100 >= work.value * (passed + failed)
