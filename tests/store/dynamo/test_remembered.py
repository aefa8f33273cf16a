"""What is remembered is what a reading would give: laws of the two ways to remember."""

from functools import partial
from threading import Event, Thread

import pytest

from chalicelib.kernel.faults import Stale, Unavailable
from chalicelib.store.dynamo.remembered import WhileSame, WhileUnchanged


class Place:
    """Something that is read and changes. reads: how often."""

    def __init__(self, held: str | None = "web") -> None:
        self.held, self.reads = held, 0

    def read(self) -> str | None:
        self.reads += 1
        return self.held

    def parts(self) -> tuple[str, ...]:
        self.reads += 1
        return tuple((self.held or "").split())


def test_what_nobody_changes_is_read_once() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)

    assert [remembered.get("a", place.read) for _ in range(3)] == ["web"] * 3
    assert place.reads == 1


def test_a_change_is_seen_by_the_next_reading() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)
    remembered.get("a", place.read)
    with remembered.changing():
        place.held = "ops"

    assert remembered.get("a", place.read) == "ops"


def test_what_has_changed_is_seen_before_whoever_changed_it_hears_so() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)
    remembered.get("a", place.read)
    with remembered.changing():
        place.held = "ops"
        # Others may have heard of it by the feed.
        assert remembered.get("a", place.read) == "ops"


def test_a_change_that_failed_is_no_reason_to_read_for_ever() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)
    with pytest.raises(Stale):
        _changing(remembered, Stale("somebody was faster"))

    assert [remembered.get("a", place.read) for _ in range(3)] == ["web"] * 3
    assert place.reads == 1


def test_after_a_change_that_got_no_answer_all_is_read() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)
    remembered.get("a", place.read)
    with pytest.raises(Unavailable):
        _changing(remembered, Unavailable("dynamodb does not answer"))
    remembered.get("a", place.read)
    # It comes to pass only now.
    place.held = "ops"

    assert remembered.get("a", place.read) == "ops"


def _changing(remembered: WhileUnchanged[str], fault: Exception) -> None:
    with remembered.changing():
        raise fault


def test_what_was_read_before_a_change_that_has_ended_is_not_remembered() -> None:
    place, remembered, has_read, may_go_on = Place(), WhileUnchanged[str](9), Event(), Event()

    def slowly() -> str | None:
        found = place.read()
        has_read.set()
        may_go_on.wait(5)
        return found

    reader = Thread(target=remembered.get, args=("a", slowly))
    reader.start()
    assert has_read.wait(5)
    with remembered.changing():
        place.held = "ops"
    may_go_on.set()
    reader.join(5)

    assert remembered.get("a", place.read) == "ops"


def test_what_was_read_while_a_change_was_under_way_is_not_remembered() -> None:
    place, remembered = Place(), WhileUnchanged[str](9)
    change = remembered.changing()
    change.__enter__()

    def before_it_ends() -> str | None:
        found = place.read()
        place.held = "ops"
        change.__exit__(None, None, None)
        return found

    assert remembered.get("a", before_it_ends) == "web"
    assert remembered.get("a", place.read) == "ops"


def test_what_is_missing_is_looked_for_each_time() -> None:
    place, remembered = Place(None), WhileUnchanged[str](9)
    assert remembered.get("a", place.read) is None
    place.held = "web"

    assert remembered.get("a", place.read) == "web"


def test_where_others_change_it_too_all_is_read() -> None:
    place, remembered = Place(), WhileUnchanged[str](0)
    remembered.get("a", place.read)
    place.held = "ops"

    assert remembered.get("a", place.read) == "ops"


def test_no_more_than_so_many_are_remembered() -> None:
    place, remembered = Place(), WhileUnchanged[str](2)
    for key in "abc":
        remembered.get(key, place.read)
    remembered.get("c", place.read)
    assert place.reads == 3
    remembered.get("a", place.read)

    assert place.reads == 4


def test_lists_count_by_what_is_in_them_and_one_that_is_too_long_is_not_remembered() -> None:
    place, remembered = Place("1.0 1.1"), WhileUnchanged[tuple[str, ...]](5, len)
    for key in "aabb":
        remembered.get(key, place.parts)
    assert place.reads == 2
    remembered.get("c", place.parts)
    remembered.get("c", place.parts)
    remembered.get("a", place.parts)
    assert place.reads == 4

    place.held = "1 2 3 4 5 6"
    for _ in range(2):
        assert len(remembered.get("long", place.parts) or ()) == 6
    assert place.reads == 6


def test_a_list_is_read_once_for_each_mark() -> None:
    place, remembered = Place("1.0 1.1"), WhileSame[str](9)
    lists = [remembered.get("a", partial(int, mark), place.parts) for mark in (1, 1, 2)]

    assert (lists, place.reads) == ([("1.0", "1.1")] * 3, 2)


def test_without_a_mark_and_without_room_nothing_is_remembered() -> None:
    place = Place("1.0 1.1")
    for most, marks in ((9, dict[str, int]()), (1, {"a": 1}), (0, {"a": 1})):
        place.reads, remembered = 0, WhileSame[str](most)
        for _ in range(2):
            assert remembered.get("a", partial(marks.get, "a"), place.parts) == ("1.0", "1.1")
        assert place.reads == 2


def test_lists_have_room_for_so_many_parts_in_all() -> None:
    place, remembered = Place("1.0 1.1"), WhileSame[str](5)
    for key in "abc":
        remembered.get(key, lambda: 1, place.parts)
    remembered.get("c", lambda: 1, place.parts)
    assert place.reads == 3
    remembered.get("a", lambda: 1, place.parts)

    assert place.reads == 4


def test_what_changes_while_it_is_read_is_read_again() -> None:
    place, remembered, marks = Place("1.0"), WhileSame[str](9), iter((1, 2))

    def changing_meanwhile() -> tuple[str, ...]:
        before = place.parts()
        place.held = "1.0 1.1"
        return before

    assert remembered.get("a", lambda: next(marks), changing_meanwhile) == ("1.0",)
    assert remembered.get("a", lambda: next(marks), place.parts) == ("1.0", "1.1")
