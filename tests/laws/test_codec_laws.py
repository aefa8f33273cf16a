"""What is encoded comes back: plans, runs, events and effects, through JSON text."""

import json
from typing import Any

from hypothesis import given

from chalicelib.kernel.codec import decoder, encoder
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan
from tests.laws.plans import plans
from tests.laws.profiles import effort
from tests.laws.stories import Story, stories


def through_text(kind: Any, value: object) -> Any:  # noqa: ANN401 - where items are encoded, Any is the type
    """The value, written as JSON and read back."""
    return decoder(kind)(json.loads(json.dumps(encoder(kind)(value))))


@effort(80)
@given(plans())
def test_a_plan_comes_back(plan: Plan) -> None:
    assert through_text(Plan, plan) == plan


@effort(60)
@given(stories())
def test_a_run_and_what_happened_to_it_come_back(story: Story) -> None:
    for chapter in story.chapters:
        assert through_text(Run, chapter.after.run) == chapter.after.run
        assert [through_text(Event, event) for event in chapter.happened] == list(chapter.happened)
        assert [through_text(Effect, effect) for effect in chapter.after.effects] == list(chapter.after.effects)
