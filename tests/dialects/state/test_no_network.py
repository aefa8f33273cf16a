"""A script step without a network is shown as it was saved, and says nothing of it where it has one."""

import pytest

from chalicelib.dialects.state.pipelines import words
from chalicelib.dialects.state.pipelines.shapes import StepShape
from chalicelib.kernel.definitions.pipeline import StepType


@pytest.mark.parametrize("no_network", [True, False])
def test_a_step_keeps_whether_it_has_a_network(no_network: bool) -> None:
    body = StepShape(type=StepType.SCRIPT, script="true", no_network=no_network)

    step = words._step(body)

    assert step.no_network is no_network
    assert words.shown_step(step).get("no_network", False) is no_network
