"""What a script step may is shown as it was saved, and nothing is said of what is as usual."""

import pytest

from chalicelib.dialects.state.pipelines import words
from chalicelib.dialects.state.pipelines.shapes import StepShape
from chalicelib.kernel.definitions.pipeline import StepType


@pytest.mark.parametrize("flag", ["api_token", "no_network"])
@pytest.mark.parametrize("is_set", [True, False])
def test_a_step_keeps_what_its_script_may(flag: str, is_set: bool) -> None:
    body = StepShape.model_validate({"type": StepType.SCRIPT, "script": "true", flag: is_set})

    step = words._step(body)

    assert getattr(step, flag) is is_set
    assert words.shown_step(step).get(flag, False) is is_set
