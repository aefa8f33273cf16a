"""What is encoded comes back: plans, runs, events and effects, through JSON text."""

import json
from dataclasses import field, make_dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.codec import STORED, decoder, encoder, stored_as
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


names = st.from_regex(r"[a-z]{1,8}_[a-z]{1,8}", fullmatch=True)
titles = st.from_regex(r"[A-Z][a-z]{1,8}[A-Z]", fullmatch=True)


@effort(80)
@given(old=titles, new=titles, columns=st.dictionaries(names, st.integers()), of=st.data())
def test_a_rename_in_code_changes_nothing_that_is_stored(
    old: str, new: str, columns: dict[str, int], of: st.DataObject
) -> None:
    renamed = of.draw(st.sets(st.sampled_from(sorted(columns))) if columns else st.just(set()))
    today = {stored: f"today_of_{stored}" if stored in renamed else stored for stored in columns}
    before = make_dataclass(old, [(stored, int, field(default=0)) for stored in columns], frozen=True)
    after: Any = stored_as(old)(
        make_dataclass(
            new,
            [(today[stored], int, field(default=0, metadata={STORED: stored})) for stored in columns],
            frozen=True,
        )
    )
    then = before(**columns)
    now = after(**{today[stored]: value for stored, value in columns.items()})

    plain = through_json(encoder(before | Plan)(then))
    assert through_json(encoder(after | Plan)(now)) == plain
    assert decoder(after | Plan)(plain) == now


def through_json(plain: object) -> Any:  # noqa: ANN401 - any JSON
    """The plain values, written as text and read back."""
    return json.loads(json.dumps(plain))
