"""A run that is paused: what is under way ends, nothing begins, and no clock wakes it."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.effects import StopStep
from chalicelib.kernel.engine.events import RunPaused
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.explain import explain
from chalicelib.kernel.explanation.hold import Facts, HoldKind
from chalicelib.kernel.plans.work import Wait
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step, begun, finished, later, then
from tests.kernel.engine.acts import aborted, approved, cancelled, node, of_kind, stage, starts

PAUSED, RESUMED = RunPaused(at=NOON, by="bob", notes="lunch"), RunPaused(at=NOON, by="bob", goes_on=True)


def two() -> Transition:
    return begun(a_plan(a_stage(steps=(a_step("s1"), a_step("s2", needs=("s1",))))))


def test_what_is_under_way_ends_and_nothing_begins() -> None:
    paused = then(two(), PAUSED, finished("s1"))
    assert node(paused, "s1").phase is Phase.SUCCEEDED
    assert starts(paused) == []
    assert starts(then(paused, RESUMED)) == ["s2"]


def test_an_approval_counts_once_the_run_goes_on() -> None:
    paused = then(begun(a_plan(a_stage(gates=(a_gate("g1"),)))), PAUSED, approved())
    assert node(paused, "g1").phase is Phase.WAITING_PERSON
    assert starts(then(paused, RESUMED)) == ["s1"]


def test_no_clock_wakes_a_paused_run() -> None:
    waiting = begun(a_plan(a_stage(gates=(a_gate("g1", Wait(duration=timedelta(seconds=5))),))))
    paused = then(waiting, PAUSED)
    assert due_at(paused.plan, replace(paused.run, pending_effects=())) is None
    over = then(paused, now=later(60))
    assert node(over, "g1").phase is Phase.WAITING_TIME
    assert node(then(over, RESUMED, now=later(60)), "g1").phase is Phase.SUCCEEDED


def test_a_paused_run_is_cancelled_and_its_stage_aborted_all_the_same() -> None:
    paused = then(two(), PAUSED)
    assert of_kind(then(paused, aborted()), StopStep)
    assert then(paused, cancelled()).run.ending is Phase.CANCELLED
    ended = then(then(paused, cancelled()), finished("s1"))
    assert (ended.run.phase, stage(ended).phase) == (Phase.CANCELLED, Phase.CANCELLED)


def test_pausing_twice_is_refused_and_so_is_resuming_what_goes_on() -> None:
    running = two()
    paused = then(running, PAUSED)
    assert refusal(paused.plan, paused.run, PAUSED) == "the run is paused already"
    assert refusal(running.plan, running.run, RESUMED) == "the run is not paused"


def test_what_holds_it_is_told() -> None:
    paused = then(two(), PAUSED)
    holds = explain(paused.plan, paused.run, Facts(now=NOON)).holds
    assert next((one.kind, one.reason) for one in holds) == (HoldKind.PAUSED, "paused by bob: lunch")
