"""An approval that is bound to a change set lapses when that changes, until something behind it has begun."""

from dataclasses import replace

import pytest

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.changing import ChangesRead
from chalicelib.kernel.engine.effects import Audit, FreeLock
from chalicelib.kernel.engine.events import Approved, Overridden
from chalicelib.kernel.engine.freezing import FreezesRead
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.behind import steps_behind
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.explanation.explain import explain
from chalicelib.kernel.explanation.hold import Facts
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.plans.work import Approval, Group, Schedule
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, finished, later, then
from tests.kernel.engine.acts import approved, lock_taken, node, of_kind, promoted, stage, starts, step
from tests.kernel.engine.test_freezes import STOP, into_production

SHOWN, OTHER = "a" * 64, "b" * 64
GATED = a_stage(gates=(a_gate("g1"),))
LATER = a_gate("g2", Schedule(cron="0 0 13 * * ?"))
WAITING = a_plan(replace(GATED, gates=(*GATED.gates, LATER)))


def bound(by: str = "bob", node: str = "g1", digest: str = SHOWN) -> Approved:
    return replace(approved(by, node), changes=digest)


def read(digest: str, node: str = "g1", seconds: int = 5) -> ChangesRead:
    return ChangesRead(at=later(seconds), execution=1, node=node, attempt=1, digest=digest)


def why(at: Transition) -> list[str]:
    return [one.reason for one in explain(at.plan, at.run, Facts(now=NOON)).holds]


def test_an_approval_lapses_when_what_it_was_bound_to_has_changed() -> None:
    lapsed = then(begun(WAITING), bound(), read(OTHER), now=later(5))
    assert (node(lapsed, "g1").phase, lapsed.run.acts[-1].kind, lapsed.run.acts[-1].by) == (
        Phase.WAITING_PERSON,
        ActKind.LAPSED,
        "bob",
    )
    assert Audit(act=1) in lapsed.effects
    assert "the approval of bob has lapsed: what would be deployed has changed since" in why(lapsed)[0]


def test_what_has_not_changed_lets_an_approval_stand() -> None:
    stands = then(begun(WAITING), bound(), read(SHOWN))
    assert node(stands, "g1").phase is Phase.SUCCEEDED
    assert starts(then(stands, now=later(3600))) == ["s1"]


@pytest.mark.parametrize("given", [approved(), Overridden(at=NOON, execution=1, node="g1", attempt=1, by="bob")])
def test_what_was_given_without_a_change_set_stands(given: Approved | Overridden) -> None:
    stands = then(begun(WAITING), given, read(OTHER))
    assert node(stands, "g1").is_final
    assert starts(then(stands, now=later(3600))) == ["s1"]


def test_whoever_approved_may_approve_what_came_in_its_place() -> None:
    lapsed = then(begun(WAITING), bound(), read(OTHER))
    again = then(lapsed, replace(bound(digest=OTHER), at=later(6)), read(OTHER, seconds=7))
    assert node(again, "g1").phase is Phase.SUCCEEDED


def test_a_lapsed_approval_does_not_come_back_with_what_it_was_bound_to() -> None:
    lapsed = then(begun(WAITING), bound(), read(OTHER), read(SHOWN, seconds=6))
    assert node(lapsed, "g1").phase is Phase.WAITING_PERSON


def test_of_several_approvals_those_lapse_that_are_bound_to_something_else() -> None:
    gate = replace(a_gate("g1"), policy=replace(a_gate().policy, quorum=3))
    waiting = begun(a_plan(replace(GATED, gates=(gate,))))
    lapsed = then(waiting, bound("bob"), approved("eve"), bound("ada", digest=OTHER), read(OTHER))
    assert starts(then(lapsed, approved("bob", at=later(6)))) == ["s1"]


def test_an_approval_lapses_in_the_instant_in_which_its_step_would_begin() -> None:
    assert starts(then(begun(a_plan(GATED)), bound(), read(OTHER))) == []


def test_once_a_step_has_begun_nothing_lapses() -> None:
    two = replace(GATED, steps=(step("s1"), step("s2", "s1")))
    begins = then(begun(a_plan(two)), bound())
    late = then(begins, read(OTHER), finished(), now=later(5))
    assert (node(late, "g1").phase, starts(late)) == (Phase.SUCCEEDED, ["s2"])


@pytest.mark.parametrize("is_held", [False, True])
def test_a_lock_and_the_place_in_its_line_are_given_up(*, is_held: bool) -> None:
    plan = a_plan(replace(GATED, exclusive=True, environment="production"))
    waiting = then(begun(plan), bound())
    frozen = then(waiting, FreezesRead(at=later(1), version=1, freezes=(STOP,)), lock_taken(at=later(1)))
    lapsed = then(frozen if is_held else waiting, read(OTHER), now=later(5))
    assert (stage(lapsed).phase, stage(lapsed).fence, stage(lapsed).turn) == (Phase.GATES, None, 1)
    assert is_held or len(of_kind(lapsed, FreeLock)) == 1
    assert starts(then(lapsed, lock_taken(), now=later(6))) == []


def test_a_stage_that_a_freeze_holds_waits_for_its_approval_again() -> None:
    waiting = begun(into_production(a_plan(GATED)))
    held = then(waiting, FreezesRead(at=NOON, version=1, freezes=(STOP,)), bound())
    lapsed = then(held, read(OTHER), now=later(5))
    assert (stage(lapsed).phase, stage(lapsed).until) == (Phase.GATES, None)
    assert starts(then(lapsed, now=later(3600))) == []
    assert starts(then(lapsed, approved("eve"), now=later(3600))) == ["s1"]


def test_a_gate_that_is_collected_before_the_promotion_lapses_too() -> None:
    plan = a_plan(replace(GATED, promotion=Promotion.MANUAL))
    lapsed = then(begun(plan), bound(), read(OTHER))
    assert starts(then(lapsed, promoted("one", 0))) == []
    assert starts(then(lapsed, promoted("one", 0), approved("eve"))) == ["s1"]


CONFIRMED = a_stage(
    steps=(
        step("a"),
        step("g", work=Group()),
        step("c", group="g", work=Approval()),
        step("d", "c", group="g"),
        step("e", "g", "long"),
        step("long"),
    )
)


def test_behind_a_step_is_what_needs_it_or_its_group() -> None:
    keys = {key: [one.key for one in steps_behind(CONFIRMED, CONFIRMED.by_key[key])] for key in ("a", "c", "g")}
    assert keys == {"a": [], "c": ["d", "e"], "g": ["e"]}


def test_an_approval_amid_the_steps_lapses_until_what_needs_it_begins() -> None:
    plan = a_plan(replace(CONFIRMED, steps=tuple(one for one in CONFIRMED.steps if one.key != "d")))
    waiting = then(begun(plan), finished("a"))
    given = then(waiting, bound(node="c"))
    assert (node(given, "g").phase, node(given, "c").phase) == (Phase.SUCCEEDED, Phase.SUCCEEDED)
    lapsed = then(given, read(OTHER, node="c"), finished("long"))
    assert (node(lapsed, "g").phase, node(lapsed, "c").phase, starts(lapsed)) == (
        Phase.RUNNING,
        Phase.WAITING_PERSON,
        [],
    )
    assert starts(then(lapsed, approved("eve", "c"))) == ["e"]
    begins = then(given, finished("long"))
    assert node(then(begins, read(OTHER, node="c")), "c").phase is Phase.SUCCEEDED


def test_what_is_being_stopped_or_was_read_of_another_attempt_lapses_nothing() -> None:
    given = then(begun(WAITING), bound())
    assert then(given, replace(read(OTHER), attempt=2)).run == given.run
    assert then(given, replace(read(OTHER), execution=9)).run == given.run
