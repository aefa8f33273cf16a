"""The laws of answering effects before the commit that asks for them, on random stories of random plans."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.answered import answered
from chalicelib.kernel.engine.effects import Effect, StartStep
from chalicelib.kernel.engine.events import Event, StepStarted
from chalicelib.kernel.engine.refold import as_begun, refolded, traced
from chalicelib.kernel.engine.run import Run
from tests.laws.profiles import effort
from tests.laws.stories import Story, stories


def accepted(at: Transition) -> dict[Effect, Event]:
    """Each start, accepted at once."""
    starts = [effect for effect in at.effects if isinstance(effect, StartStep)]
    return {one: StepStarted(at=at.at, **one.as_fields(), reference="work") for one in starts}


def folds(story: Story) -> Iterator[tuple[Run, tuple[Event, ...], Transition]]:
    """Each run before, what was folded, and what came of it."""
    before = new_run(story.plan)
    yield before, (), story.first
    before = story.first.run
    for chapter in story.chapters:
        yield before, chapter.happened, chapter.after
        before = chapter.after.run


@effort(60)
@given(stories())
def test_what_is_answered_at_once_is_what_one_fold_of_all_comes_to(story: Story) -> None:
    for before, happened, after in folds(story):
        answers = accepted(after)
        whole = answered(after, answers)
        assert whole.run == advance(story.plan, before, (*happened, *answers.values()), after.at).run


@effort(60)
@given(stories())
def test_what_is_answered_is_asked_for_no_more_and_all_else_is(story: Story) -> None:
    for _, _, after in folds(story):
        answers = accepted(after)
        whole = answered(after, answers)
        later = advance(story.plan, after.run, tuple(answers.values()), after.at)
        assert [one for one in whole.effects if one not in answers] == list(whole.effects)
        assert set(whole.effects) == {*after.effects, *later.effects} - set(answers)


@effort(60)
@given(stories())
def test_a_run_that_is_answered_at_once_is_folded_again_to_the_same(story: Story) -> None:
    run, plan = as_begun(story.plan, new_run(story.plan)), story.plan
    for _, happened, after in folds(story):
        folded = advance(plan, run, happened, after.at)
        kept = traced(run, folded.run, happened, after.at)
        run = answered(Transition(run=kept, plan=plan, at=after.at, effects=folded.effects), accepted(folded)).run
        if run.trace is not None:
            assert refolded(plan, run.trace) == replace(run, trace=None)
