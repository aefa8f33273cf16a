"""The engine as a whole: what one fold does, and what it leaves alone."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.effects import (
    Announce,
    Audit,
    FreeLock,
    Occasion,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
    effect_id,
)
from chalicelib.kernel.engine.events import EffectPerformed, EffectsLost, StepStarted, Ticked
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Stage, Train
from tests.builders import NOON, a_chain, a_plan, a_stage, a_step, begun, finished, later, started, then
from tests.kernel.engine.acts import announced, node, performed, starts, step


def test_nothing_happens_to_a_run_before_it_is_advanced() -> None:
    assert (new_run(a_plan()).phase, begun(a_plan()).run.phase) == (Phase.NEW, Phase.RUNNING)


def test_a_tick_is_but_a_reason_to_look() -> None:
    first = begun(a_plan())
    assert then(first, Ticked(at=NOON)).run == first.run


def test_an_event_about_another_attempt_or_execution_or_node_changes_nothing() -> None:
    first = begun(a_plan())
    assert then(first, finished(attempt=2), finished(execution=2), finished("s9")).run == first.run


def test_a_repeated_result_starts_nothing() -> None:
    second = then(begun(a_plan(a_chain(3))), finished("s1"))
    assert starts(second) == ["s2"]
    assert then(second, finished("s1"), started("s1")).effects == ()


def test_a_start_that_is_told_twice_keeps_the_first_reference() -> None:
    running = then(begun(a_plan()), started())
    other = StepStarted(at=later(9), execution=1, node="s1", attempt=1, reference="another")
    assert then(running, other, now=later(9)).run == running.run


def test_a_batch_is_one_transition() -> None:
    plan = a_plan(a_chain(2))
    over = advance(plan, new_run(plan), (finished("s1"), finished("s2")), NOON)
    assert over.run.phase is Phase.SUCCEEDED
    assert starts(over) == []


def test_lost_effects_are_asked_for_again_before_their_deadline() -> None:
    first = begun(a_plan(a_chain(2)))
    again = then(first, EffectsLost(at=later(1)), now=later(1))
    assert (starts(again), again.run) == (["s1"], first.run)


def test_no_effect_that_was_acknowledged_is_lost() -> None:
    running = then(begun(a_plan()), started())
    assert then(running, EffectsLost(at=later(1)), now=later(1)).effects == ()


def test_the_end_is_announced_until_somebody_heard() -> None:
    ended = then(begun(a_plan()), finished())
    assert announced(ended) == [(Occasion.STAGE_ENDED, 1, ""), (Occasion.RUN_ENDED, 0, "")]
    half = then(ended, performed(ended)[0])
    assert announced(then(half, now=later(30))) == [(Occasion.RUN_ENDED, 0, "")]
    assert then(half, EffectPerformed(at=NOON, effect="something else")).run == half.run


def test_steps_end_in_the_order_in_which_things_happened() -> None:
    plan = a_plan(a_stage(steps=(step("a"), step("b"))))
    first = finished("b", at=later(1), outputs={"release": "web/app-v1"})
    second = finished("a", at=later(2), outputs={"release": "web/app-v2"})
    assert then(begun(plan), first, second, now=later(3)).run.releases == ("web/app-v1", "web/app-v2")


def test_a_step_that_begins_amid_late_news_has_all_of_its_time() -> None:
    limit = timedelta(seconds=10)
    first = begun(a_plan(a_stage(steps=(step("a"), step("b", "a", timeout=limit), step("c")))))
    news = (finished("a", at=later(1)), started("c", at=later(2)), finished("c", at=later(30)))
    late = then(first, *news, now=later(60))
    assert starts(late) == ["b"]
    assert (node(late, "b").phase, node(late, "b").began_at) == (Phase.STARTING, later(60))
    assert node(then(late, now=later(70)), "b").phase is Phase.STOPPING


def test_every_effect_has_a_name_of_its_own() -> None:
    effects = (
        StartStep(execution=1, node="a", attempt=1),
        StartStep(execution=1, node="a", attempt=2),
        StartStep(execution=1, node="b", attempt=1),
        StopStep(execution=1, node="a", attempt=1),
        TakeLock(execution=1, lock="x"),
        TakeLock(execution=0, lock="y", attempt=1),
        FreeLock(execution=1, lock="x"),
        PassGates(execution=1, stage="one"),
        Announce(occasion=Occasion.STAGE_ENDED, execution=1),
        Announce(occasion=Occasion.RUN_ENDED),
        Announce(occasion=Occasion.RUN_ENDED, attempt=1),
        Audit(act=0),
        WakeAt(at=NOON),
    )
    assert len({effect_id("run1", effect) for effect in effects}) == len(effects)


def test_what_carries_a_snapshot_announces_that_a_stage_began_also_where_it_ended_at_once() -> None:
    empty, single = Stage(key="p1", name="p1"), Stage(key="p2", name="p2", steps=(a_step(),))
    first = begun(replace(a_plan(empty, single), travels=Train(name="train/10001", number=10_002)))
    told = (Occasion.STAGE_BEGAN, Occasion.STAGE_ENDED)
    assert announced(first) == [(told[0], 1, ""), (told[1], 1, ""), (told[0], 2, "")]
    assert announced(then(first, finished(execution=2)))[0] == (Occasion.STAGE_ENDED, 2, "")
