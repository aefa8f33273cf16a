"""The summary of a run: what it counts, and that it changes seldom while a long run goes on."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.explanation.summary import summary_of
from tests.builders import NOON, a_chain, a_gate, a_plan, a_stage, begun, later


def done(steps: int, of: int, phase: Phase = Phase.RUNNING) -> Run:
    """A run whose first steps have gone well."""
    states = {f"s{number}": NodeState(phase=Phase.SUCCEEDED, began_at=NOON) for number in range(1, steps + 1)}
    stage = StageExecution(number=1, stage="one", phase=phase, began_at=NOON, nodes=states)
    ended_at = later(1) if phase is Phase.SUCCEEDED else None
    return replace(new_run(a_plan(a_chain(of))), phase=phase, ended_at=ended_at, stages=(stage,))


@given(st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_no_more_is_counted_as_done_than_is_and_of_an_ended_run_all(counted: tuple[int, int]) -> None:
    steps, of = counted
    plan = a_plan(a_chain(of))
    running = summary_of(plan, done(steps, of)).counts
    ended = summary_of(plan, done(steps, of, Phase.SUCCEEDED)).counts

    assert running.total == ended.total == of
    assert steps - max(1, of // 10) < running.done <= steps == ended.done


def test_a_long_run_changes_its_summary_at_each_tenth_alone() -> None:
    plan = a_plan(a_chain(50))
    summaries = {summary_of(plan, done(steps, 50)).counts for steps in range(50)}

    assert len(summaries) == 10


def test_what_waits_for_people_says_who_may_decide_and_since_when() -> None:
    plan = a_plan(a_stage(gates=(a_gate(),)))
    (awaited,) = summary_of(plan, begun(plan).run).awaits

    assert (awaited.key, awaited.execution, awaited.since, awaited.quorum) == ("g1", 1, NOON, 1)
    assert (awaited.deciders, awaited.given, awaited.barred) == (None, (), ())
