"""A step whose job no runner has leased is queued; a run that is done by such a step alone is so too."""

from dataclasses import replace

from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.events import StepStarted
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.explanation.queued import (
    is_queued,
    queued_in_family,
    running_children,
    running_jobs,
    why_queued,
    with_queued,
)
from chalicelib.kernel.plans.plan import NodeAddress
from chalicelib.kernel.plans.work import Group, Job, JobKind
from tests.builders import NOON, a_plan, a_stage, a_step, begun, then

SCRIPT = Job(kind=JobKind.SCRIPT)


def under_way(run: str = "run1", *, child: str = "") -> Run:
    """A run of two scripts in parallel, both accepted; or whose second step is a child run."""
    first = begun(a_plan(a_stage(steps=(a_step("s1", SCRIPT), a_step("s2", SCRIPT))), run=run))
    words = [
        StepStarted(
            at=NOON,
            **NodeAddress(execution=1, node=key, attempt=1).as_fields(),
            reference=child if child and key == "s2" else job(key, run),
        )
        for key in ("s1", "s2")
    ]
    return then(first, *words).run


def job(key: str, run: str = "run1") -> str:
    return step_id(run, NodeAddress(execution=1, node=key, attempt=1))


def phases(run: Run) -> list[Phase]:
    return [state.phase for state in run.stages[-1].nodes.values()]


def test_a_run_names_its_jobs_and_its_child_runs() -> None:
    run = under_way(child="run1-1-s2-1")
    assert list(running_jobs(run)) == [job("s1")]
    assert list(running_children(run)) == ["run1-1-s2-1"]


def test_a_step_is_queued_while_its_job_waits() -> None:
    shown = with_queued(under_way(), {job("s2"): "no runner is up"})
    assert phases(shown) == [Phase.RUNNING, Phase.QUEUED]
    assert why_queued(shown) == "no runner is up"
    assert not is_queued(shown)


def test_a_run_of_which_every_step_waits_is_queued() -> None:
    shown = with_queued(under_way(), {job("s1"): "", job("s2"): ""})
    assert phases(shown) == [Phase.QUEUED, Phase.QUEUED]
    assert is_queued(shown)


def test_a_group_of_queued_steps_does_not_hide_that_nothing_else_goes_on() -> None:
    steps = (a_step("g", Group()), a_step("s1", SCRIPT, group="g"))
    first = begun(a_plan(a_stage(steps=steps)))
    run = then(first, StepStarted(at=NOON, execution=1, node="s1", attempt=1, reference=job("s1"))).run
    assert is_queued(with_queued(run, {job("s1"): ""}))


def test_a_step_that_runs_a_child_is_queued_when_the_child_is() -> None:
    parent, child = under_way(child="child"), under_way("child")
    waiting = {job("s1", "child"): "no runner is up", job("s2", "child"): ""}
    shown = queued_in_family({parent.id: parent, child.id: child}, waiting)
    assert phases(shown["run1"]) == [Phase.RUNNING, Phase.QUEUED]
    assert why_queued(shown["run1"]) == "no runner is up"
    assert why_queued(queued_in_family({parent.id: parent, child.id: child}, waiting, {"child": "other"})["run1"]) == ""
    shown = queued_in_family({parent.id: parent, child.id: child}, {job("s2", "child"): ""})
    assert phases(shown["run1"]) == [Phase.RUNNING, Phase.RUNNING]


def test_what_waits_does_not_change_a_run_that_has_ended() -> None:
    run = under_way()
    over = replace(run, stages=tuple(replace(one, phase=Phase.CANCELLED) for one in run.stages))
    assert with_queued(over, {job("s1"): ""}) is over
    assert not is_queued(over)
