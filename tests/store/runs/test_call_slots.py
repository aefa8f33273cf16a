"""The contract of the port CallSlots: the fake and the store keep it alike."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.store.runs.call_slots import StoredCallSlots
from chalicelib.use_cases.ports.call_slots import LONGEST_HELD, CallSlots, Full, Slot
from tests.builders import NOON
from tests.fakes.call_slots import FakeCallSlots

Processes = Callable[[], CallSlots]
HOST = "hooks.example:443"


@pytest.fixture(params=["fake", "store"])
def processes(request: pytest.FixtureRequest) -> Processes:
    """Each call is another process that looks at the same slots."""
    if request.param == "fake":
        shared = FakeCallSlots()
        return lambda: shared
    tables = request.getfixturevalue("tables")
    return lambda: StoredCallSlots(tables)


@pytest.fixture
def slots(processes: Processes) -> CallSlots:
    return processes()


def taken(slots: CallSlots, holder: str, numbers: tuple[int, ...] = (2, 5), of: str = HOST, after: float = 0) -> Slot:
    slot = slots.take(of, numbers, holder, NOON + timedelta(seconds=after))
    assert isinstance(slot, Slot), slot
    return slot


def test_as_many_hold_slots_as_there_are_and_each_system_has_its_own(slots: CallSlots) -> None:
    assert [taken(slots, holder, after=n).number for n, holder in enumerate("ab")] == [2, 5]

    assert slots.take(HOST, (2, 5), "c", NOON + timedelta(seconds=9)) == Full(newest=NOON + timedelta(seconds=1))
    assert taken(slots, "c", of="other:443").number == 2
    assert taken(slots, "c", numbers=(2, 7)).number == 7


def test_asking_again_gives_the_same_slot(slots: CallSlots) -> None:
    first = taken(slots, "a")
    assert taken(slots, "a", after=1) == first
    assert taken(slots, "a", numbers=(5, 2), after=1).number in {2, 5}


def test_a_slot_that_was_left_is_taken_by_the_next(slots: CallSlots) -> None:
    first, _ = taken(slots, "a"), taken(slots, "b")
    slots.free(first)
    slots.free(first)
    assert taken(slots, "c").number == first.number


def test_what_a_dead_process_held_is_free_after_a_while(slots: CallSlots) -> None:
    lost = taken(slots, "a", numbers=(2,))
    late = LONGEST_HELD.total_seconds() + 1
    assert isinstance(slots.take(HOST, (2,), "b", NOON + LONGEST_HELD), Full)
    taken(slots, "b", numbers=(2,), after=late)

    slots.free(lost, NOON + timedelta(days=1))

    assert slots.take(HOST, (2,), "c", NOON + timedelta(seconds=late)) == Full(newest=NOON + timedelta(seconds=late))


def test_who_takes_a_slot_of_a_slow_system_is_told_for_as_long_as_it_was_said(slots: CallSlots) -> None:
    slots.free(taken(slots, "a"), slow_until=NOON + timedelta(seconds=60))
    assert taken(slots, "b", after=59).is_slow
    assert slots.take(HOST, (2,), "c", NOON + timedelta(seconds=59)) == Full(
        newest=NOON + timedelta(seconds=59), is_slow=True
    )
    assert not taken(slots, "c", after=60).is_slow
    assert not taken(slots, "b", of="other:443").is_slow


def test_of_rivals_in_many_processes_no_more_hold_slots_than_there_are(processes: Processes) -> None:
    numbers = tuple(range(4))

    def ask(holder: int) -> Slot | Full:
        return processes().take(HOST, numbers, f"holder{holder}", NOON)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(24)))

    held = [one.number for one in answers if isinstance(one, Slot)]
    assert sorted(held) == [0, 1, 2, 3]
