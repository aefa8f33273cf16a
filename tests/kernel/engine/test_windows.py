"""A window that has closed holds: at the promotion, when the lock is taken, before each step; not what is running."""

from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.effects import FreeLock, PassGates, TakeLock, WakeAt
from chalicelib.kernel.engine.events import Outcome, PromotionMode
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Plan, Policy, Promotion, Stage
from chalicelib.kernel.plans.work import Window, Windows
from tests.builders import NOON, NOOP, a_gate, a_plan, a_stage, a_step, begun, finished, later, then, with_policy
from tests.kernel.engine.acts import (
    OLDER,
    approved,
    lock_taken,
    node,
    of_kind,
    overridden,
    passed,
    promoted,
    stage,
    starts,
    step,
)

MINUTES = Windows(any_of=(Window(opens="0 * * * * ?", closes="30 * * * * ?"),))
"""Open in the first half of each minute."""

WINDOW = a_gate("w", MINUTES)
TWO_STEPS = a_stage(steps=(step("a"), step("b", "a")), gates=(WINDOW,), exclusive=True)
PRODUCTION = "environment/web/production"


def manual(*gates: object) -> Plan:
    return a_plan(replace(a_stage(gates=gates), promotion=Promotion.MANUAL))  # type: ignore[arg-type]  # gates, as the test says


def held(at: Transition) -> tuple[Phase, Phase]:
    """How far the stage and its window are."""
    return stage(at).phase, node(at, "w").phase


def test_a_gate_waits_for_its_window_to_open() -> None:
    early = begun(a_plan(a_stage(gates=(WINDOW,))), later(45))
    assert (held(early), of_kind(early, WakeAt)) == ((Phase.GATES, Phase.WAITING_TIME), [WakeAt(at=later(60))])
    assert starts(then(early, now=later(60))) == ["s1"]


def test_a_tick_that_comes_after_the_window_closed_again_opens_nothing() -> None:
    late = then(begun(a_plan(a_stage(gates=(WINDOW,))), later(45)), now=later(95))
    assert (starts(late), node(late, "w").until) == ([], later(120))


def test_a_window_that_closed_before_the_promotion_holds() -> None:
    first = begun(manual(WINDOW))
    assert stage(first).phase is Phase.WAITING_PERSON
    given = then(first, promoted("one", 0, at=later(40)), now=later(40))
    assert (held(given), starts(given)) == ((Phase.GATES, Phase.WAITING_TIME), [])
    assert starts(then(given, now=later(60))) == ["s1"]


def test_a_promotion_now_or_not_at_all_is_refused_by_a_window_that_closed() -> None:
    first = begun(manual(WINDOW))
    said = refusal(first.plan, first.run, promoted("one", 0, mode=PromotionMode.IF_MET, at=later(40)))
    assert said == "gate w is not met: opens at 2026-06-01T12:01:00+00:00"


def test_force_overrides_a_window_that_closed() -> None:
    first = begun(manual(WINDOW))
    forced = then(first, promoted("one", 0, mode=PromotionMode.FORCED, at=later(40)), now=later(40))
    assert (starts(forced), node(forced, "w").phase) == (["s1"], Phase.OVERRIDDEN)


def test_a_window_that_closed_while_others_decided_holds() -> None:
    waits = begun(a_plan(a_stage(gates=(WINDOW, a_gate()))))
    through = then(waits, approved(at=later(40)), now=later(40))
    assert held(through) == (Phase.GATES, Phase.WAITING_TIME)
    assert starts(then(through, now=later(60))) == ["s1"]


def test_a_window_that_closed_in_the_line_for_the_lock_gives_the_lock_back() -> None:
    waits = begun(a_plan(TWO_STEPS))
    late = then(waits, lock_taken(at=later(40)), now=later(40))
    assert (held(late), starts(late)) == ((Phase.GATES, Phase.WAITING_TIME), [])
    assert of_kind(late, FreeLock) == [FreeLock(execution=1, lock=PRODUCTION)]
    again = then(late, now=later(60))
    assert of_kind(again, TakeLock) == [TakeLock(execution=1, lock=PRODUCTION, attempt=1)]
    assert starts(then(again, lock_taken(at=later(61)), now=later(61))) == []
    assert starts(then(again, lock_taken(attempt=1, fence=3, at=later(61)), now=later(61))) == ["a"]


def test_a_window_that_closed_before_the_mark_was_passed_asks_for_the_mark_again() -> None:
    waits = begun(a_plan(a_stage(gates=(WINDOW,)), train=OLDER))
    late = then(waits, passed(at=later(40)), now=later(40))
    assert held(late) == (Phase.GATES, Phase.WAITING_TIME)
    assert of_kind(then(late, now=later(60)), PassGates) == [PassGates(execution=1, stage="one")]


def test_no_step_begins_in_a_closed_window_and_what_runs_goes_on() -> None:
    running = then(begun(a_plan(TWO_STEPS)), lock_taken())
    half = then(running, finished("a", at=later(40)), now=later(40))
    assert (starts(half), stage(half).phase, stage(half).fence) == ([], Phase.RUNNING, 1)
    assert stage(half).reason == "gate w has closed, and opens again at 2026-06-01T12:01:00+00:00"
    assert (due_at(half.plan, replace(half.run, pending_effects=())), of_kind(half, WakeAt)) == (
        later(60),
        [WakeAt(at=later(60))],
    )
    again = then(half, now=later(60))
    assert (starts(again), stage(again).reason, stage(again).until) == (["b"], "", None)


def test_whoever_may_lets_the_rest_of_a_stage_begin_in_a_closed_window() -> None:
    half = then(then(begun(a_plan(TWO_STEPS)), lock_taken()), finished("a", at=later(40)), now=later(40))
    assert starts(then(half, overridden("w", at=later(41)), now=later(41))) == ["b"]


def test_another_attempt_waits_for_the_window_too() -> None:
    twice = with_policy(a_step(work=NOOP), Policy(attempts=2))
    failed = then(
        begun(a_plan(a_stage(steps=(twice,), gates=(WINDOW,)))),
        finished(outcome=Outcome.FAILED, at=later(40)),
        now=later(40),
    )
    assert (starts(failed), node(failed, "s1").until) == ([], later(60))
    assert starts(then(failed, now=later(60))) == ["s1"]


def test_a_window_that_never_opens_again_breaks_what_is_left_of_the_stage() -> None:
    once = a_gate("w", Windows(any_of=(Window(opens="0 0 12 1 6 ? 2026", closes="30 0 12 1 6 ? 2026"),)))
    place = a_stage(steps=TWO_STEPS.steps, gates=(once,))
    ended = then(begun(a_plan(place)), now=later(40))
    assert node(ended, "w").phase is Phase.SUCCEEDED
    over = then(ended, finished("a", at=later(40)), now=later(40))
    assert (over.run.phase, over.run.reason) == (Phase.BROKEN, "gate w has closed, and never opens again")


def test_a_stage_without_windows_is_asked_for_none() -> None:
    plain = Stage(key="one", name="one", steps=(step("a"), step("b", "a")))
    assert starts(then(begun(a_plan(plain)), finished("a"))) == ["b"]
    assert later(1) > NOON
