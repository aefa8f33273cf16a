"""The furthest stage of a snapshot moves when steps begin there, whatever they waited for before."""

from dataclasses import replace

import pytest

from tests.kernel.definitions.gated.given import a_stage as a_gated_stage
from tests.kernel.definitions.gated.given import a_step
from tests.use_cases.travel.gated_line import GatedLine
from tests.use_cases.travel.line import Line, a_stage


def test_behind_the_watermark_of_a_pipeline_of_gates() -> None:
    line = GatedLine()

    snapshot = line.travel(a_gated_stage(a_step("MANUAL"), environment=line.dev))

    furthest = line.ports.snapshots.snapshot(snapshot.train, snapshot.id).furthest
    assert furthest is not None
    assert furthest.stage == "Development"


@pytest.mark.parametrize("exclusive", [False, True])
def test_behind_the_lock_of_an_environment(exclusive: bool) -> None:
    line = Line()
    line.lay(replace(a_stage("Test", job=True, automatic=True), environment="staging", exclusive=exclusive))

    line.begin()

    assert line.stage() == "Test"
