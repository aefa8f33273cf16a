"""What occurs to runs and their gates."""

from dataclasses import replace

from chalicelib.kernel.engine.advance import Transition, advance
from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.events import Approved, CancelRequested, Event, Outcome, RunRetried
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.kernel.plans.work import Schedule
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step, begun, finished, later, started

GATED = a_plan(a_stage(gates=(a_gate(),)), a_stage("two"))


def after(before: Transition, *events: Event, seconds: float = 5) -> tuple[Transition, list[Occurrence]]:
    moved = advance(before.plan, before.run, events, later(seconds))
    return moved, list(occurrences_of_run(before.plan, before.run, moved.run))


def types(occurred: list[Occurrence]) -> list[OccurrenceType]:
    return [one.type for one in occurred]


def test_a_new_run_began_and_opened_its_gate() -> None:
    run = begun(GATED).run
    began, opened = occurrences_of_run(GATED, None, run)
    assert (began.type, began.project, began.subject, began.at) == (OccurrenceType.RUN_BEGAN, "web", "run1", NOON)
    assert (began.facts["name"], began.facts["number"], began.facts["started_by"]) == ("release", 1, "ada")
    assert (opened.type, opened.subject) == (OccurrenceType.GATE_OPENED, "run1/1/g1")
    assert (opened.facts["stage"], opened.facts["gate"], opened.facts["by"]) == ("one", "g1", "")


def test_a_gate_ends_by_whoever_decides() -> None:
    approved = Approved(at=later(5), execution=1, node="g1", attempt=1, by="bob")
    _, (ended,) = after(begun(GATED), approved)
    assert (ended.type, ended.facts["phase"], ended.facts["by"]) == (OccurrenceType.GATE_ENDED, "succeeded", "bob")
    assert ended.at == later(5)


def test_a_gate_whose_approval_lapses_opens_again_and_says_why() -> None:
    plan = a_plan(a_stage(gates=(a_gate("g1"), a_gate("g2", Schedule(cron="0 0 13 * * ?")))))
    bound = Approved(at=later(5), execution=1, node="g1", attempt=1, by="bob", changes="a" * 64)
    approved, _ = after(begun(plan), bound)
    _, (opened,) = after(approved, ChangesRead(at=later(6), execution=1, node="g1", attempt=1, digest="b" * 64))
    assert (opened.type, opened.facts["gate"], opened.at) == (OccurrenceType.GATE_OPENED, "g1", later(6))
    assert opened.facts["reason"] == "the approval of bob has lapsed: what would be deployed has changed since"


def test_steps_that_move_are_no_occurrence() -> None:
    plan = a_plan(a_stage(steps=(a_step(), a_step("s2", needs=("s1",)))))
    moved, occurred = after(begun(plan), started())
    assert occurred == []
    moved, occurred = after(moved, finished(at=later(5)))
    assert occurred == []
    _, (ended,) = after(moved, finished("s2", at=later(6)), seconds=6)
    assert (ended.type, ended.facts["phase"], ended.at) == (OccurrenceType.RUN_ENDED, "succeeded", later(6))


def test_a_run_that_is_cancelled_ends_its_gate_before_itself() -> None:
    _, occurred = after(begun(GATED), CancelRequested(at=later(5), by="bob"))
    assert types(occurred) == [OccurrenceType.GATE_ENDED, OccurrenceType.RUN_ENDED]
    assert {one.facts["phase"] for one in occurred} == {"cancelled"}


def test_a_run_that_is_retried_begins_again() -> None:
    moved, (ended,) = after(begun(a_plan()), finished(outcome=Outcome.FAILED, at=later(5)))
    assert (ended.type, moved.run.phase) == (OccurrenceType.RUN_ENDED, Phase.FAILED)
    _, (again,) = after(moved, RunRetried(at=later(9), retries=0, by="bob"), seconds=9)
    assert (again.type, again.at, again.facts["retries"]) == (OccurrenceType.RUN_BEGAN, later(9), 1)


def test_nothing_occurs_between_a_run_and_itself() -> None:
    run = begun(GATED).run
    assert occurrences_of_run(GATED, run, replace(run, version=7)) == ()
