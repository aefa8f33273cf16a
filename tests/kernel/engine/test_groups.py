"""Groups: a node whose steps need its start and whose end needs theirs."""

from datetime import timedelta
from typing import Unpack

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Node, Plan
from chalicelib.kernel.plans.work import Approval, Group
from tests.builders import a_plan, a_stage, begun, finished, later, started, then
from tests.kernel.engine.acts import PolicyFields, aborted, node, phases, starts, step, stops

FAILED, CANCELLED = Outcome.FAILED, Outcome.CANCELLED
TEN_SECONDS = timedelta(seconds=10)


def group(key: str, *needs: str, inside: str | None = None, **policy: Unpack[PolicyFields]) -> Node:
    return step(key, *needs, group=inside, work=Group(), **policy)


def of(*steps: Node) -> Plan:
    return a_plan(a_stage(steps=steps))


def test_a_group_begins_with_its_steps_and_ends_after_the_last() -> None:
    first = begun(of(group("g"), step("a", group="g"), step("b", group="g"), step("c", "g")))
    assert (starts(first), node(first, "g").phase) == (["a", "b"], Phase.RUNNING)
    half = then(first, finished("a"))
    assert starts(half) == []
    over = then(half, finished("b"))
    assert (node(over, "g").phase, starts(over)) == (Phase.SUCCEEDED, ["c"])


def test_steps_listed_before_their_group_wait_for_it() -> None:
    first = begun(of(step("b", group="g"), group("g", "a"), step("a")))
    assert starts(first) == ["a"]
    assert starts(then(first, finished("a"))) == ["b"]


def test_an_empty_group_ends_at_once() -> None:
    assert begun(of(group("g"))).run.phase is Phase.SUCCEEDED


def test_groups_nest() -> None:
    first = begun(of(group("outer"), group("inner", inside="outer"), step("a", group="inner"), step("b", "outer")))
    over = then(first, finished("a"))
    assert (node(over, "inner").phase, node(over, "outer").phase) == (Phase.SUCCEEDED, Phase.SUCCEEDED)
    assert starts(over) == ["b"]


def test_a_failure_inside_is_the_groups_and_the_runs() -> None:
    first = begun(of(group("outer"), group("inner", inside="outer"), step("a", group="inner"), step("b", "outer")))
    failed = then(first, finished("a", FAILED))
    assert (node(failed, "inner").phase, node(failed, "outer").phase) == (Phase.FAILED, Phase.FAILED)
    assert (failed.run.phase, failed.run.reason) == (Phase.FAILED, "step a")


def test_a_failure_inside_that_is_ignored_spoils_nothing() -> None:
    first = begun(of(group("g"), step("a", group="g", ignore_failure=True), step("b", "a", group="g")))
    failed = then(first, finished("a", FAILED))
    assert starts(failed) == ["b"]
    assert then(failed, finished("b")).run.phase is Phase.SUCCEEDED


def test_an_ignored_group_that_failed_lets_those_after_it_begin() -> None:
    first = begun(of(group("g", ignore_failure=True), step("a", group="g"), step("b", "a", group="g"), step("c", "g")))
    failed = then(first, finished("a", FAILED))
    assert (node(failed, "g").phase, starts(failed)) == (Phase.FAILED, ["c"])
    assert "b" not in phases(failed)


def test_a_need_inside_an_ignored_group_is_met_by_the_groups_end() -> None:
    steps = (group("g", ignore_failure=True), step("a", group="g"), step("b", "a", group="g"))
    for need in ("a", "b"):
        failed = then(begun(of(*steps, step("c", need))), finished("a", FAILED))
        assert starts(failed) == ["c"]


def test_a_need_inside_a_skipped_group_is_met() -> None:
    first = begun(of(group("g", precondition="False"), step("a", group="g"), step("b", "a")))
    assert (phases(first)["g"], starts(first)) == (Phase.SKIPPED, ["b"])


def test_a_need_inside_a_group_that_failed_is_never_met() -> None:
    first = begun(of(group("g"), step("a", group="g"), step("b", "a", group="g"), step("c", "b")))
    assert then(first, finished("a", FAILED)).run.phase is Phase.FAILED


def test_steps_may_need_steps_of_other_groups() -> None:
    first = begun(of(group("g"), step("a", group="g"), step("x", group="g"), group("h"), step("b", "a", group="h")))
    assert starts(then(first, finished("a"))) == ["b"]


def test_a_group_over_its_time_stops_what_is_inside_and_starts_nothing_there() -> None:
    steps = (group("g", timeout=TEN_SECONDS), step("a", group="g"), step("b", "a", group="g"))
    late = then(begun(of(*steps)), started("a"), now=later(10))
    assert (stops(late), node(late, "g").phase) == (["a"], Phase.STOPPING)
    ended = then(late, finished("a", CANCELLED, at=later(11)), now=later(11))
    assert (node(ended, "g").phase, node(ended, "a").phase) == (Phase.FAILED, Phase.CANCELLED)
    assert "b" not in phases(ended)
    assert ended.run.reason == "step a: group g timed out after 0:00:10"


def test_nothing_inside_a_group_that_timed_out_is_tried_again() -> None:
    steps = (group("g", timeout=TEN_SECONDS, ignore_failure=True), step("a", group="g", attempts=3), step("c", "g"))
    late = then(begun(of(*steps)), started("a"), now=later(10))
    ended = then(late, finished("a", FAILED, at=later(11)), now=later(11))
    assert (starts(ended), node(ended, "a").attempt) == (["c"], 1)


def test_a_failure_told_at_the_instant_a_group_times_out_is_not_tried_again() -> None:
    steps = (group("g", timeout=TEN_SECONDS, ignore_failure=True), step("a", group="g", attempts=3), step("c", "g"))
    first = begun(of(*steps))
    ended = then(first, finished("a", FAILED, at=later(9)), now=later(10))
    quiet = then(ended, finished("a", CANCELLED, attempt=2, at=later(11)), now=later(11))
    assert (node(quiet, "g").phase, node(quiet, "a").phase) == (Phase.FAILED, Phase.CANCELLED)


def test_an_inner_group_stops_with_the_outer() -> None:
    steps = (group("outer", timeout=TEN_SECONDS), group("inner", inside="outer"), step("a", group="inner"))
    late = then(begun(of(*steps)), now=later(10))
    assert (phases(late), stops(late)) == (
        {"outer": Phase.STOPPING, "inner": Phase.STOPPING, "a": Phase.STOPPING},
        ["a"],
    )
    ended = then(late, finished("a", CANCELLED, at=later(11)), now=later(11))
    assert phases(ended) == {"outer": Phase.FAILED, "inner": Phase.CANCELLED, "a": Phase.CANCELLED}


def test_a_waiting_step_ends_with_its_group() -> None:
    steps = (group("g", timeout=TEN_SECONDS), step("a", group="g", work=Approval()))
    assert phases(then(begun(of(*steps)), now=later(10))) == {"g": Phase.FAILED, "a": Phase.CANCELLED}


def test_groups_are_asked_neither_to_start_nor_to_stop() -> None:
    first = begun(of(group("g"), group("h", inside="g"), step("a", group="h")))
    assert starts(first) == ["a"]
    assert stops(then(first, aborted())) == ["a"]


def test_a_stopped_group_waits_for_its_steps() -> None:
    told = then(then(begun(of(group("g"), step("a", group="g"))), started("a")), aborted())
    assert phases(told) == {"g": Phase.STOPPING, "a": Phase.STOPPING}
    ended = then(told, finished("a", CANCELLED))
    assert phases(ended) == {"g": Phase.CANCELLED, "a": Phase.CANCELLED}


def test_a_cleanup_group_runs_although_something_failed() -> None:
    steps = (step("a"), group("g", "a", run_on_failure=True), step("b", group="g"), step("c", "b", group="g"))
    failed = then(begun(of(*steps)), finished("a", FAILED))
    assert starts(failed) == ["b"]
    assert starts(then(failed, finished("b"))) == ["c"]


def test_a_failure_in_a_cleanup_group_holds_back_its_own_steps() -> None:
    steps = (step("a"), group("g", "a", run_on_failure=True), step("b", group="g"), step("c", "b", group="g"))
    failed = then(begun(of(*steps)), finished("a", FAILED))
    over = then(failed, finished("b", FAILED))
    assert (starts(over), over.run.phase) == ([], Phase.FAILED)


def test_a_cleanup_inside_a_group_runs_before_the_group_ends() -> None:
    steps = (
        group("g"),
        step("a", group="g"),
        step("b", "a", group="g"),
        step("c", "b", group="g", run_on_failure=True),
    )
    failed = then(begun(of(*steps)), finished("a", FAILED))
    assert (starts(failed), node(failed, "g").phase) == (["c"], Phase.RUNNING)
    assert then(failed, finished("c")).run.phase is Phase.FAILED


def test_a_cleanup_in_a_group_that_never_begins_does_not_hold_up_the_end() -> None:
    steps = (step("a"), group("g", "a"), step("b", group="g", run_on_failure=True))
    assert then(begun(of(*steps)), finished("a", FAILED)).run.phase is Phase.FAILED


def test_nobody_can_say_that_a_group_has_ended() -> None:
    first = begun(of(group("g"), step("a", group="g")))
    assert then(first, started("g"), finished("g")).run == first.run


def test_a_cleanup_does_not_wait_for_what_a_group_that_timed_out_never_began() -> None:
    inside = (group("g", timeout=TEN_SECONDS), step("a", group="g"), step("b", "a", group="g"))
    late = then(begun(of(*inside, step("c", "b", run_on_failure=True))), now=later(10))
    ended = then(late, finished("a", CANCELLED, at=later(11)), now=later(11))
    assert starts(ended) == ["c"]


def test_a_cleanup_does_not_wait_for_what_is_inside_a_skipped_group() -> None:
    inside = (group("g", precondition="False"), step("a", group="g"), step("b"))
    failed = then(begun(of(*inside, step("c", "a", "b", run_on_failure=True))), finished("b", FAILED))
    assert starts(failed) == ["c"]
