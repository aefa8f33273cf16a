"""The laws of the engine, on random stories of random plans."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.effects import (
    WHOLE_RUN,
    CheckWatermark,
    Effect,
    FreeLock,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
    effect_id,
)
from chalicelib.kernel.engine.events import (
    EffectPerformed,
    EffectsLost,
    Event,
    GatesPassed,
    LockTaken,
    Outcome,
    Overridden,
    Revoked,
    RunRetried,
    StageReplayed,
    WatermarkChecked,
)
from chalicelib.kernel.engine.people.refusal import find
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.progress.locks import run_lock, stage_lock
from chalicelib.kernel.engine.progress.nodes import LONGEST_REDELIVERY, REDELIVER_AFTER
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.record import UNDER_WAY
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.plans import check as plan_check
from chalicelib.kernel.plans.plan import Plan, Promotion
from chalicelib.kernel.plans.windows import next_opening
from chalicelib.kernel.plans.work import ExternalWork, Windows
from tests.builders import NOON
from tests.laws.plans import plans
from tests.laws.profiles import effort
from tests.laws.stories import Story, event_for, of_nodes, stories
from tests.laws.world import cleans_up, finish

MILLISECOND = timedelta(milliseconds=1)
YEARS = timedelta(days=4000)
ENTRANCES = StartStep | TakeLock | PassGates


def without_words(run: Run) -> Run:
    """The run without saying for whom it waits: the one thing that may be said anew."""
    stages = tuple(replace(one, reason="") if one.phase is Phase.WAITING_LOCK else one for one in run.stages)
    return replace(run, stages=stages, reason="" if run.phase is Phase.WAITING_LOCK else run.reason)


def outstanding(plan: Plan, run: Run) -> Iterator[Effect]:
    """What the state of a run says is asked for and not acknowledged."""
    yield from (entry.effect for entry in run.pending_effects)
    if run.phase is Phase.WAITING_LOCK:
        yield TakeLock(execution=WHOLE_RUN, lock=run_lock(plan), attempt=run.retries)
        return
    for execution in run.stages:
        stage = plan.by_key[execution.stage]
        if execution.phase is Phase.GATES and execution.redeliver_at is not None:
            yield CheckWatermark(execution=execution.number, stage=stage.key)
        if execution.phase is Phase.PASSING:
            yield PassGates(execution=execution.number, stage=stage.key)
        if execution.phase is Phase.WAITING_LOCK:
            yield TakeLock(execution=execution.number, lock=stage_lock(plan, stage) or "", attempt=execution.turn)
        for key, state in execution.nodes.items():
            place = {"execution": execution.number, "attempt": state.attempt}
            if state.phase is Phase.STARTING:
                yield StartStep(node=key, **place)
            if state.phase is Phase.STOPPING and not graph.is_group(stage.by_key[key]):
                yield StopStep(node=key, **place)


@effort(50)
@given(plans())
def test_random_plans_have_no_defects(plan: Plan) -> None:
    assert plan_check.defects(plan) == ()


def settling_twice_changes_nothing(story: Story, data: st.DataObject) -> None:
    pause = timedelta(milliseconds=data.draw(st.integers(0, 10**6)))
    for run, now in story.moments:
        assert settle(story.plan, run, now) is run
        later = settle(story.plan, run, now + pause)
        assert settle(story.plan, later, now + pause) is later


def what_was_told_changes_nothing_when_told_again_in_any_order(story: Story, data: st.DataObject) -> None:
    told = list[Event]()
    for chapter in story.chapters:
        told += chapter.told
        again = data.draw(st.permutations(told)) if chapter is story.chapters[-1] else told
        after = advance(story.plan, chapter.after.run, again, chapter.now).run
        assert without_words(after) == without_words(chapter.after.run)


def an_ended_run_changes_by_replay_and_retry_alone(story: Story, data: st.DataObject) -> None:
    for run, now in story.moments:
        if run.is_final:
            event = data.draw(event_for(run, now))
            after = advance(story.plan, run, (event,), now + timedelta(hours=1)).run
            if not isinstance(event, RunRetried | StageReplayed):
                assert replace(after, pending_effects=()) == replace(run, pending_effects=())


def nothing_turns_a_success_into_another_ending(story: Story, data: st.DataObject) -> None:
    for run, now in story.moments:
        if run.phase is Phase.SUCCEEDED:
            event = data.draw(event_for(run, now))
            assert advance(story.plan, run, (event,), now + timedelta(hours=1)).run.phase is Phase.SUCCEEDED


def redeliveries(run: Run) -> Iterator[datetime]:
    """When each effect that nobody acknowledged is asked for again."""
    going = [] if run.is_final else [one for one in run.stages if not one.is_final]
    states = [state for one in going for state in one.nodes.values() if not state.is_final]
    asked = [*(one.redeliver_at for one in going), *(state.redeliver_at for state in states)]
    own = [None if run.is_final else run.redeliver_at, *(entry.redeliver_at for entry in run.pending_effects)]
    yield from (at for at in (*own, *asked) if at is not None)


def when_all_is_due(run: Run, now: datetime) -> datetime:
    return max((now, *redeliveries(run)))


def what_is_not_acknowledged_is_asked_for_again_within_minutes(story: Story) -> None:
    for run, now in story.moments:
        after = advance(story.plan, run, (), now)
        assert all(now < at <= now + LONGEST_REDELIVERY + REDELIVER_AFTER for at in redeliveries(after.run))


def exactly_what_is_not_acknowledged_is_asked_for_again(story: Story) -> None:
    for run, now in story.moments:
        after = advance(story.plan, run, (), when_all_is_due(run, now))
        asked = [effect for effect in after.effects if not isinstance(effect, WakeAt)]
        assert len(asked) == len(set(asked))
        assert set(asked) == set(outstanding(story.plan, after.run))


def exactly_what_is_not_acknowledged_is_asked_for_when_effects_were_lost(story: Story) -> None:
    for run, now in story.moments:
        after = advance(story.plan, run, (EffectsLost(at=now),), now)
        asked = [effect for effect in after.effects if not isinstance(effect, WakeAt)]
        assert after.run is run
        assert len(asked) == len(set(asked))
        assert set(asked) == set(outstanding(story.plan, run))


def everything_outstanding_was_asked_for(story: Story) -> None:
    asked = set(story.first.effects)
    for chapter in story.chapters:
        asked |= set(chapter.after.effects)
        assert asked >= set(outstanding(story.plan, chapter.after.run))


def nothing_starts_after_a_cancel_but_whatcleans_up(story: Story) -> None:
    for chapter in story.chapters:
        run = chapter.after.run
        if run.ending is not None or run.is_final:
            entered = [effect for effect in chapter.after.effects if isinstance(effect, ENTRANCES)]
            assert not [effect for effect in entered if run.at_once or not cleans_up(story.plan, run, effect)]


def no_step_starts_before_its_gates_the_mark_and_the_lock(story: Story) -> None:
    for at in (story.first, *(chapter.after for chapter in story.chapters)):
        for effect in at.effects:
            if isinstance(effect, StartStep):
                execution = at.run.execution(effect.execution)
                assert execution is not None
                stage = story.plan.by_key[execution.stage]
                assert all(graph.counts_as_good(gate, execution.nodes[gate.key]) for gate in stage.gates)
                is_stopping = execution.phase is Phase.STOPPING
                assert execution.phase is Phase.RUNNING or (is_stopping and cleans_up(story.plan, at.run, effect))
                assert not execution.awaits_promotion
                assert (execution.fence is not None) == (stage_lock(story.plan, stage) is not None)


def no_step_of_a_stage_of_manual_promotion_starts_before_somebody_gave_it(story: Story) -> None:
    for chapter in story.chapters:
        for execution in chapter.after.run.stages:
            by_hand = story.plan.by_key[execution.stage].promotion is Promotion.MANUAL
            kinds = {act.kind for act in chapter.after.run.acts if act.node in ("", execution.stage)}
            if by_hand and any(key.startswith("s") for key in execution.nodes):
                assert kinds & {ActKind.PROMOTED, ActKind.FORCED, ActKind.REPLAYED}


def no_attempt_at_a_step_begins_while_a_window_before_it_is_closed(story: Story) -> None:
    for execution in story.end[0].stages:
        stage = story.plan.by_key[execution.stage]
        passed = (gate for gate in stage.gates if execution.nodes.get(gate.key) is not None)
        windows = [
            gate.work
            for gate in passed
            if isinstance(gate.work, Windows) and execution.nodes[gate.key].phase is Phase.SUCCEEDED
        ]
        for step in stage.steps:
            state = execution.nodes.get(step.key)
            if state is not None and state.phase in UNDER_WAY and isinstance(step.work, ExternalWork):
                assert all(next_opening(work, state.began_at) == state.began_at for work in windows)


def a_lock_is_given_back_when_its_stage_has_ended_and_not_before(story: Story) -> None:
    for chapter in story.chapters:
        for effect in chapter.after.effects:
            if isinstance(effect, FreeLock) and effect.execution != WHOLE_RUN:
                execution = chapter.after.run.execution(effect.execution)
                assert execution is not None
                steps = {step.key for step in story.plan.by_key[execution.stage].steps}
                assert all(state.is_final for key, state in execution.nodes.items() if key in steps)


def a_run_is_due_exactly_when_time_changes_it_next(story: Story) -> None:
    for run, now in story.moments:
        due = due_at(story.plan, run)
        if due is None:
            assert settle(story.plan, run, now + YEARS) is run
        else:
            assert due > now
            assert settle(story.plan, run, due - MILLISECOND) is run
            assert settle(story.plan, run, due) is not run


def a_batch_is_what_its_events_are_one_by_one(story: Story, data: st.DataObject) -> None:
    run, now = story.end
    batch = data.draw(st.lists(event_for(run, now), max_size=5))
    single = run
    for event in batch:
        single = advance(story.plan, single, (event,), now).run
    assert advance(story.plan, run, batch, now).run == single


def a_clock_that_goes_back_a_little_undoes_nothing(story: Story, data: st.DataObject) -> None:
    run, now = story.end
    before = now - timedelta(seconds=data.draw(st.integers(1, 20)))
    assert advance(story.plan, run, (), before).run is run


def words_about_attempts_that_ended_change_nothing(story: Story) -> None:
    run, now = story.end
    final = [(e.number, key, s.attempt) for e in run.stages for key, s in e.nodes.items() if e.is_final or s.is_final]
    for event in of_nodes(run, now):
        # A gate that has passed is open to those who approved it, until its stage begins; a window may shut again.
        is_open = isinstance(event, Revoked) or (isinstance(event, Overridden) and is_window(story.plan, run, event))
        if not is_open and (event.execution, event.node, event.attempt) in final:  # type: ignore[union-attr]  # all of them name a node
            settled = settle(story.plan, run, now)
            assert advance(story.plan, run, (event,), now).run is settled


def is_window(plan: Plan, run: Run, event: Overridden) -> bool:
    found = find(plan, run, event)
    return found is not None and isinstance(found[0].work, Windows)


LAWS = (
    what_is_not_acknowledged_is_asked_for_again_within_minutes,
    exactly_what_is_not_acknowledged_is_asked_for_again,
    exactly_what_is_not_acknowledged_is_asked_for_when_effects_were_lost,
    everything_outstanding_was_asked_for,
    nothing_starts_after_a_cancel_but_whatcleans_up,
    no_step_starts_before_its_gates_the_mark_and_the_lock,
    no_step_of_a_stage_of_manual_promotion_starts_before_somebody_gave_it,
    no_attempt_at_a_step_begins_while_a_window_before_it_is_closed,
    a_lock_is_given_back_when_its_stage_has_ended_and_not_before,
    a_run_is_due_exactly_when_time_changes_it_next,
    words_about_attempts_that_ended_change_nothing,
)
LAWS_OF_WHAT_MAY_FOLLOW = (
    settling_twice_changes_nothing,
    what_was_told_changes_nothing_when_told_again_in_any_order,
    an_ended_run_changes_by_replay_and_retry_alone,
    nothing_turns_a_success_into_another_ending,
    a_batch_is_what_its_events_are_one_by_one,
    a_clock_that_goes_back_a_little_undoes_nothing,
)


@effort(100)
@given(stories(), st.data())
def test_every_law_holds_of_every_story(story: Story, data: st.DataObject) -> None:
    # A story takes as long to make as to try ten laws on it: each law sees twice as many as when it had its own.
    for law in LAWS:
        law(story)
    for law_of_more in LAWS_OF_WHAT_MAY_FOLLOW:
        law_of_more(story, data)


def answers(plan: Plan, at: Transition, now: datetime, ends: Mapping[str, Outcome]) -> Iterator[Event]:
    """What a world says in which work ends as `ends` says of its node, or never; then persons override what waits."""
    for effect in outstanding(plan, at.run):
        match effect:
            case StartStep():
                if effect.node in ends:
                    yield finish(effect, ends[effect.node], {}, now)
            case StopStep():
                yield finish(effect, Outcome.CANCELLED, {}, now)
            case TakeLock():
                yield LockTaken(at=now, execution=effect.execution, fence=1, attempt=effect.attempt)
            case PassGates():
                yield GatesPassed(at=now, execution=effect.execution)
            case CheckWatermark():
                yield WatermarkChecked(at=now, execution=effect.execution)
            case _:
                yield EffectPerformed(at=now, effect=effect_id(at.run.id, effect))
    for execution in at.run.stages if ends else ():
        for key, state in execution.nodes.items():
            if state.phase is Phase.WAITING_PERSON:
                yield Overridden(at=now, execution=execution.number, node=key, attempt=1, by="root")


def at_last(plan: Plan, ends: Mapping[str, Outcome]) -> Run:
    """The run of the plan when it is due no more."""
    now, at = NOON, advance(plan, new_run(plan), (), NOON)
    for _ in range(400):
        at = advance(plan, at.run, tuple(answers(plan, at, now, ends)), now)
        due = due_at(plan, at.run)
        if due is None:
            break
        quick = any(isinstance(effect, ENTRANCES) for effect in outstanding(plan, at.run)) and ends
        now = now if quick else max(now, due)
    return at.run


@effort(150)
@given(plans(timed=True, promotions=False))
def test_time_alone_ends_every_run_whose_nodes_have_timeouts(plan: Plan) -> None:
    run = at_last(plan, {})
    assert (run.is_final, run.pending_effects) == (True, ())


@effort(150)
@given(plans(promotions=False), st.lists(st.sampled_from(Outcome), min_size=6, max_size=6))
def test_when_all_that_starts_ends_so_does_the_run(plan: Plan, outcomes: list[Outcome]) -> None:
    run = at_last(plan, {f"s{place}": outcome for place, outcome in enumerate(outcomes)})
    assert (run.is_final, run.pending_effects) == (True, ())
