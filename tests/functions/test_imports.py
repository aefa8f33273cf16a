"""What a function imports before its first event: what that event needs, and not what rarer ones do.

Counted, for a time says little on a machine that others use. The zips, and what no function may import: tests/infra.
"""

import subprocess
import sys

import pytest

MOST_OF_OURS = {"advance": 130, "effects": 170, "checks": 100, "live": 90, "sweep": 115}
"""Modules of `chalicelib` and `slipway_formats` that the import of a function may bring in."""

NOT_FOR_AN_EVENT_OF_A_RUN = (
    "chalicelib.kernel.definitions.compile_pipeline",
    "chalicelib.kernel.definitions.pipeline",
    "chalicelib.kernel.installation",
    "chalicelib.kernel.releases",
    "chalicelib.store",
    "chalicelib.use_cases.changes.change_set",
    "chalicelib.use_cases.jobs",
    "chalicelib.use_cases.launch.plan",
    "chalicelib.use_cases.launch.start_child",
    "chalicelib.use_cases.subscriptions",
    "chalicelib.use_cases.trains",
    "chalicelib.use_cases.travel",
    "chalicelib.use_cases.workloads",
)


@pytest.mark.parametrize("name", MOST_OF_OURS)
def test_a_function_imports_few_modules_before_its_first_event(name: str) -> None:
    assert len(_of_ours(name)) <= MOST_OF_OURS[name]


def test_what_few_events_need_is_imported_by_the_first_of_them() -> None:
    assert [one for one in NOT_FOR_AN_EVENT_OF_A_RUN if one in _of_ours("advance")] == []


def _of_ours(name: str) -> frozenset[str]:
    asked = f"import sys, chalicelib.functions.{name}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return frozenset(one for one in done.stdout.split() if one.partition(".")[0] in ("chalicelib", "slipway_formats"))
