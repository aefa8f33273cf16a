"""The contract of the port Locks: the fake and the store keep it alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.store.runs.lock_line import MOST_TOMBSTONES, TOMBSTONES_LAST
from chalicelib.store.runs.locks import StoredLocks
from chalicelib.use_cases.ports.locks import Awaited, Held, Holder, Locks, ReleasedBefore
from tests.builders import NOON, later
from tests.fakes.locks import FakeLocks
from tests.fakes.world import Identifiers

LOCK = "environment/web/production"


@pytest.fixture(params=["fake", "store"])
def locks(request: pytest.FixtureRequest) -> Locks:
    if request.param == "fake":
        return FakeLocks()
    return StoredLocks(request.getfixturevalue("tables"), Identifiers("lock"))


def holder(run: str, execution: int = 1, attempt: int = 0) -> Holder:
    return Holder(run=run, execution=execution, attempt=attempt)


A, B, C = holder("a"), holder("b"), holder("c")


def test_a_free_lock_is_held_by_whoever_takes_it_and_asking_again_changes_nothing(locks: Locks) -> None:
    assert locks.take(LOCK, A, NOON) == Held(fence=1)
    assert locks.take(LOCK, A, later(60)) == Held(fence=1)
    assert locks.line(LOCK) == ()


def test_those_who_come_later_stand_in_line_once(locks: Locks) -> None:
    locks.take(LOCK, A, NOON)
    for _ in range(2):
        assert locks.take(LOCK, B, NOON) == Awaited(holder=A, fence=1)
        assert locks.take(LOCK, C, NOON) == Awaited(holder=A, fence=1)
    assert locks.line(LOCK) == (B, C)


def numbered(run: str, number: int, line: str = "pipeline/web//release") -> Holder:
    return Holder(run=run, execution=1, line=line, number=number)


def test_among_runs_of_one_pipeline_the_lower_number_goes_first(locks: Locks) -> None:
    first, others = numbered("r9", 9), [numbered(f"r{number}", number) for number in (3, 1, 2, 10)]
    for one in (first, *others):
        locks.take(LOCK, one, NOON)
    assert [one.run for one in locks.line(LOCK)] == ["r1", "r2", "r3", "r10"]


def test_among_others_whoever_came_first_goes_first(locks: Locks) -> None:
    for one in (A, numbered("r2", 2), B, numbered("x1", 1, "another"), numbered("r1", 1), C):
        locks.take(LOCK, one, NOON)
    assert [one.run for one in locks.line(LOCK)] == ["r1", "r2", "b", "x1", "c"]


def test_a_number_is_not_what_makes_a_holder(locks: Locks) -> None:
    locks.take(LOCK, A, NOON)
    locks.take(LOCK, numbered("b", 1), NOON)
    locks.take(LOCK, B, NOON)
    assert locks.line(LOCK) == (B,)
    assert locks.free(LOCK, numbered("a", 7), NOON) == (B, 2)


def test_a_freed_lock_goes_to_the_first_in_line_under_a_higher_fence(locks: Locks) -> None:
    for one in (A, B, C):
        locks.take(LOCK, one, NOON)
    assert locks.free(LOCK, A, NOON) == (B, 2)
    assert locks.take(LOCK, B, NOON) == Held(fence=2)
    assert locks.take(LOCK, C, NOON) == Awaited(holder=B, fence=2)
    assert locks.line(LOCK) == (C,)


def test_a_lock_that_nobody_waits_for_is_free_and_its_next_fence_is_higher(locks: Locks) -> None:
    locks.take(LOCK, A, NOON)
    assert locks.free(LOCK, A, NOON) is None
    assert locks.take(LOCK, B, NOON) == Held(fence=2)


def test_freeing_again_answers_the_same_heir_while_it_holds_the_lock(locks: Locks) -> None:
    for one in (A, B, C):
        locks.take(LOCK, one, NOON)
    assert locks.free(LOCK, A, NOON) == (B, 2)
    assert locks.free(LOCK, A, later(1)) == (B, 2)
    assert locks.free(LOCK, B, later(2)) == (C, 3)
    assert locks.free(LOCK, A, later(3)) is None


def test_a_late_take_after_the_freeing_does_nothing(locks: Locks) -> None:
    assert locks.free(LOCK, A, NOON) is None
    assert locks.take(LOCK, A, later(1)) == ReleasedBefore()
    assert locks.take(LOCK, B, later(2)) == Held(fence=1)


def test_another_attempt_of_a_run_is_another_holder(locks: Locks) -> None:
    locks.take(LOCK, holder("a", 0, 0), NOON)
    locks.free(LOCK, holder("a", 0, 0), NOON)
    assert locks.take(LOCK, holder("a", 0, 1), NOON) == Held(fence=2)


def test_who_leaves_the_line_is_not_in_it(locks: Locks) -> None:
    for one in (A, B, C):
        locks.take(LOCK, one, NOON)
    assert locks.free(LOCK, B, NOON) is None
    assert locks.line(LOCK) == (C,)
    assert locks.free(LOCK, A, NOON) == (C, 2)


def test_a_holder_that_has_ended_is_replaced_by_its_fence(locks: Locks) -> None:
    for one in (A, B):
        locks.take(LOCK, one, NOON)
    locks.replace(LOCK, A, 7, NOON)
    assert locks.take(LOCK, B, NOON) == Awaited(holder=A, fence=1)
    locks.replace(LOCK, A, 1, NOON)
    locks.replace(LOCK, A, 1, NOON)
    assert locks.take(LOCK, B, NOON) == Held(fence=2)
    assert locks.take(LOCK, A, NOON) == ReleasedBefore()


def test_replacing_in_a_lock_that_was_never_taken_does_nothing(locks: Locks) -> None:
    locks.replace(LOCK, A, 1, NOON)
    assert locks.take(LOCK, A, NOON) == Held(fence=1)


def test_locks_do_not_know_one_another(locks: Locks) -> None:
    locks.take(LOCK, A, NOON)
    assert locks.take("another", B, NOON) == Held(fence=1)


def test_tombstones_do_not_pile_up(locks: Locks) -> None:
    for number in range(MOST_TOMBSTONES + 20):
        locks.free(LOCK, holder(f"run{number}"), NOON)
    assert locks.take(LOCK, holder(f"run{MOST_TOMBSTONES + 19}"), NOON) == ReleasedBefore()
    assert locks.take(LOCK, holder("run0"), NOON) == Held(fence=1)
    locks.free(LOCK, holder("other"), NOON + TOMBSTONES_LAST + timedelta(seconds=1))
    assert locks.take(LOCK, holder("run50"), NOON) == Awaited(holder=holder("run0"), fence=1)


def test_in_a_crowd_one_holds_at_a_time_and_everybody_once(locks: Locks) -> None:
    crowd = [holder(f"run{number}") for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda one: locks.take(LOCK, one, NOON), crowd))
    assert answers.count(Held(fence=1)) == 1
    order = [crowd[answers.index(Held(fence=1))]]
    fences = []
    while (heir := locks.free(LOCK, order[-1], NOON)) is not None:
        order.append(heir[0])
        fences.append(heir[1])
    assert sorted(one.run for one in order) == sorted(one.run for one in crowd)
    assert fences == list(range(2, 13))


def test_who_holds_a_lock_is_known(locks: Locks) -> None:
    assert locks.holder(LOCK) is None
    for one in (A, B):
        locks.take(LOCK, one, NOON)
    assert locks.holder(LOCK) == A
    locks.free(LOCK, A, NOON)
    assert locks.holder(LOCK) == B
