"""Exclusive stages and queued runs: a lock is asked for, awaited, held and given back at every ending."""

import pytest

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.effects import WHOLE_RUN, FreeLock, TakeLock
from chalicelib.kernel.engine.events import Event, LockAwaited, Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Concurrency
from tests.builders import a_gate, a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import (
    aborted,
    approved,
    cancelled,
    lock_taken,
    of_kind,
    performed,
    rejected,
    replayed,
    retried,
    stage,
    starts,
    step,
    stops,
)

PRODUCTION = "environment/web/production"
QUEUE = "pipeline/web//release"
EXCLUSIVE = a_plan(a_stage(exclusive=True))
GUARDED = a_plan(a_stage(exclusive=True, gates=(a_gate(),)))
QUEUED = a_plan(concurrency=Concurrency.QUEUE)


def awaited(execution: int = 1) -> LockAwaited:
    return LockAwaited(at=later(1), execution=execution, holder="run9")


def frees(at: Transition) -> list[FreeLock]:
    return [one for one in at.effects if isinstance(one, FreeLock)]


def test_an_exclusive_stage_asks_for_its_environment_before_any_step() -> None:
    first = begun(EXCLUSIVE)
    assert first.effects == (TakeLock(execution=1, lock=PRODUCTION),)
    assert stage(first).phase is Phase.WAITING_LOCK


def test_what_is_cancelled_and_retried_at_once_asks_for_its_turn_anew() -> None:
    again = then(begun(QUEUED), cancelled(), retried())
    assert of_kind(again, TakeLock) == [TakeLock(execution=WHOLE_RUN, lock=QUEUE, attempt=1)]


def test_the_lock_is_asked_for_behind_the_gates() -> None:
    first = begun(GUARDED)
    assert of_kind(first, TakeLock) == []
    assert of_kind(then(first, approved()), TakeLock) == [TakeLock(execution=1, lock=PRODUCTION)]


def test_the_steps_begin_once_the_lock_is_held() -> None:
    held = then(begun(EXCLUSIVE), lock_taken(fence=7))
    assert (starts(held), stage(held).fence) == (["s1"], 7)


def test_a_waiting_stage_says_for_whom_and_asks_again_every_minute() -> None:
    waiting = then(begun(EXCLUSIVE), awaited())
    assert stage(waiting).reason == "waits for run9"
    assert then(waiting, now=later(59)).effects == ()
    assert then(waiting, now=later(60)).effects == (TakeLock(execution=1, lock=PRODUCTION),)


def test_a_lock_taken_twice_is_taken_once() -> None:
    held = then(begun(EXCLUSIVE), lock_taken(fence=7))
    assert then(held, lock_taken(fence=7), awaited()).run == held.run


ENDINGS: dict[str, tuple[Event, ...]] = {
    "well": (lock_taken(), finished()),
    "failed": (lock_taken(), finished(outcome=Outcome.FAILED)),
    "aborted while waiting": (aborted(),),
    "cancelled while waiting": (cancelled(),),
    "cancelled while running": (lock_taken(), cancelled(), finished()),
}


@pytest.mark.parametrize("happened", ENDINGS.values(), ids=ENDINGS)
def test_the_lock_is_given_back_at_every_ending(happened: tuple[Event, ...]) -> None:
    ended = then(begun(EXCLUSIVE), *happened)
    assert ended.run.is_final
    assert frees(ended) == [FreeLock(execution=1, lock=PRODUCTION)]


def test_a_stage_whose_gate_closed_gives_its_lock_back_too() -> None:
    assert frees(then(begun(GUARDED), rejected())) == [FreeLock(execution=1, lock=PRODUCTION)]


def test_a_stopping_stage_keeps_its_lock_until_its_work_has_ended() -> None:
    told = then(begun(EXCLUSIVE), lock_taken(), started(), aborted())
    assert (stops(told), frees(told), stage(told).phase) == (["s1"], [], Phase.STOPPING)
    assert frees(then(told, now=later(20))) == []
    assert frees(then(told, finished(outcome=Outcome.CANCELLED))) == [FreeLock(execution=1, lock=PRODUCTION)]


def test_giving_back_is_asked_for_until_it_was_done() -> None:
    ended = then(begun(EXCLUSIVE), lock_taken(), finished())
    assert frees(then(ended, now=later(30))) == frees(ended)
    done = then(ended, *performed(ended))
    assert then(done, now=later(300)).effects == ()


def test_a_lock_that_comes_too_late_starts_nothing() -> None:
    ended = then(begun(EXCLUSIVE), aborted())
    assert then(ended, lock_taken()).run == ended.run


def test_a_replay_takes_the_lock_anew() -> None:
    ended = then(begun(EXCLUSIVE), lock_taken(), finished(outcome=Outcome.FAILED))
    again = then(ended, replayed())
    assert of_kind(again, TakeLock) == [TakeLock(execution=2, lock=PRODUCTION)]
    assert starts(then(again, lock_taken(1))) == []
    assert starts(then(again, lock_taken(2, fence=2))) == ["s1"]


def test_a_queued_run_begins_when_its_turn_has_come() -> None:
    first = begun(QUEUED)
    assert first.effects == (TakeLock(execution=WHOLE_RUN, lock=QUEUE),)
    assert first.run.stages == ()
    waiting = then(first, awaited(WHOLE_RUN))
    assert waiting.run.reason == "waits for run9"
    held = then(waiting, lock_taken(WHOLE_RUN, fence=3))
    assert (starts(held), held.run.fence, held.run.reason) == (["s1"], 3, "")


def test_a_queued_run_asks_again_every_minute() -> None:
    assert of_kind(then(begun(QUEUED), now=later(60)), TakeLock) == [TakeLock(execution=WHOLE_RUN, lock=QUEUE)]


def test_a_queued_run_gives_its_turn_back_at_its_end() -> None:
    ended = then(begun(QUEUED), lock_taken(WHOLE_RUN), finished())
    assert frees(ended) == [FreeLock(execution=WHOLE_RUN, lock=QUEUE)]


def test_a_queued_run_cancelled_in_line_leaves_the_line() -> None:
    ended = then(begun(QUEUED), cancelled())
    assert (ended.run.phase, frees(ended)) == (Phase.CANCELLED, [FreeLock(execution=WHOLE_RUN, lock=QUEUE)])
    assert then(ended, lock_taken(WHOLE_RUN)).run == ended.run


def test_a_reopened_queued_run_stands_in_line_under_a_new_name() -> None:
    failed = then(begun(QUEUED), lock_taken(WHOLE_RUN), finished(outcome=Outcome.FAILED))
    again = then(failed, retried())
    assert of_kind(again, TakeLock) == [TakeLock(execution=WHOLE_RUN, lock=QUEUE, attempt=1)]
    assert then(again, lock_taken(WHOLE_RUN, attempt=0)).run == again.run
    assert starts(then(again, lock_taken(WHOLE_RUN, attempt=1))) == ["s1"]


def test_a_reopened_queued_run_that_is_cancelled_in_line_ends_what_it_had_opened() -> None:
    failed = then(begun(QUEUED), lock_taken(WHOLE_RUN), finished(outcome=Outcome.FAILED))
    ended = then(failed, replayed(), cancelled(retries=1))
    assert (ended.run.phase, stage(ended, 2).phase) == (Phase.CANCELLED, Phase.CANCELLED)
    assert FreeLock(execution=WHOLE_RUN, lock=QUEUE, attempt=1) in frees(ended)


def test_only_the_stage_that_is_exclusive_is_locked() -> None:
    plan = a_plan(a_stage("one"), a_stage("two", (step("t"),), exclusive=True), a_stage("three", (step("u"),)))
    second = then(begun(plan), finished())
    assert of_kind(second, TakeLock) == [TakeLock(execution=2, lock=PRODUCTION)]
    third = then(second, lock_taken(2), finished("t", execution=2))
    assert (starts(third), frees(third)) == (["u"], [FreeLock(execution=2, lock=PRODUCTION)])
