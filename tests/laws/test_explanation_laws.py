"""The laws of explanations, on random stories of random plans."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.engine.phase import BAD, Phase
from chalicelib.kernel.engine.progress.graph import is_group
from chalicelib.kernel.engine.run import NodeState, Run
from chalicelib.kernel.explanation.explain import explain
from chalicelib.kernel.explanation.hold import Facts, Hold, HoldKind
from chalicelib.kernel.explanation.queued import running_children, running_jobs, with_queued
from chalicelib.kernel.plans.plan import Node, Plan
from chalicelib.kernel.plans.work import Approval, ManualTask
from tests.laws.profiles import effort
from tests.laws.stories import Story, stories

PERSONS = frozenset({HoldKind.APPROVAL, HoldKind.TASK})


def open_nodes(plan: Plan, run: Run) -> Iterator[tuple[int, Node, NodeState]]:
    for execution in run.stages:
        for node in plan.by_key[execution.stage].nodes if not execution.is_final else ():
            if node.key in execution.nodes and not is_group(node) and not execution.nodes[node.key].is_final:
                yield execution.number, node, execution.nodes[node.key]


def holds(plan: Plan, run: Run, now: datetime) -> tuple[Hold, ...]:
    return explain(plan, run, Facts(now=now)).holds


def moves(plan: Plan, run: Run) -> bool:
    """Whether work of the run is done at this moment."""
    return any(state.phase is Phase.RUNNING for _, _, state in open_nodes(plan, run))


def every_unfinished_run_that_does_not_move_is_explained(story: Story) -> None:
    for run, now in story.moments:
        if not run.is_final and not moves(story.plan, run):
            assert holds(story.plan, run, now)


def a_run_whose_jobs_all_wait_is_explained_by_each_of_them(story: Story, data: st.DataObject) -> None:
    for run, now in story.moments:
        jobs = sorted({*running_jobs(run), *running_children(run)})
        waiting = frozenset(data.draw(st.lists(st.sampled_from(jobs)))) if jobs else frozenset()
        shown = with_queued(run, dict.fromkeys(waiting, ""))
        queued = {state.reference for _, _, state in open_nodes(story.plan, shown) if state.phase is Phase.QUEUED}
        assert queued == waiting
        assert len([one for one in holds(story.plan, shown, now) if one.kind is HoldKind.RUNNER]) == len(waiting)


def all_that_waits_for_a_person_says_who_may_act_and_how_many_must(story: Story) -> None:
    for run, now in story.moments:
        awaited = {
            (number, node.key)
            for number, node, state in open_nodes(story.plan, run)
            if state.phase is Phase.WAITING_PERSON and isinstance(node.work, Approval | ManualTask)
        }
        told = {(one.execution, one.node): one for one in holds(story.plan, run, now) if one.kind in PERSONS}
        assert told.keys() == awaited
        for one in told.values():
            assert one.deciders is not None
            assert one.quorum is not None
            assert len({word.by for word in one.given}) < one.quorum


def what_has_ended_well_holds_nothing_and_what_ended_badly_says_how(story: Story) -> None:
    for run, now in story.moments:
        if run.is_final:
            assert bool(holds(story.plan, run, now)) == (run.phase in BAD)


def an_explanation_speaks_of_what_is_there_and_in_words(story: Story) -> None:
    for run, now in story.moments:
        for one in holds(story.plan, run, now):
            execution = run.execution(one.execution) if one.execution else None
            assert one.reason
            assert one.run == run.id
            assert one.since is None or one.since <= now
            assert not one.node or (execution is not None and one.node in execution.nodes)


def explaining_twice_says_the_same(story: Story) -> None:
    run, now = story.end
    assert explain(story.plan, run, Facts(now=now)) == explain(story.plan, replace(run), Facts(now=now))


LAWS = (
    every_unfinished_run_that_does_not_move_is_explained,
    all_that_waits_for_a_person_says_who_may_act_and_how_many_must,
    what_has_ended_well_holds_nothing_and_what_ended_badly_says_how,
    an_explanation_speaks_of_what_is_there_and_in_words,
    explaining_twice_says_the_same,
)


@effort(150)
@given(stories(), st.data())
def test_every_law_holds_of_every_story(story: Story, data: st.DataObject) -> None:
    # A story takes longer to make than to try all laws on it.
    for law in LAWS:
        law(story)
    a_run_whose_jobs_all_wait_is_explained_by_each_of_them(story, data)
