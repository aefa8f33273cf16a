"""Numbers of trains and snapshots."""

import pytest

from chalicelib.kernel.trains.completion import is_earlier, next_number
from chalicelib.kernel.trains.numbering import number_after, number_defects, whole_part
from chalicelib.kernel.trains.transitions import cancelled
from tests.kernel.trains.given import CANCELLED, a_train


@pytest.mark.parametrize(
    ("number", "after"),
    [
        ("3.4.3", "3.4.4"),
        ("1", "2"),
        ("1.9", "1.10"),
        ("v2.0-beta9", "v2.0-beta10"),
        ("2026.07", "2026.08"),
        ("12.0.0.", "12.0.1."),
        ("autumn", None),
        ("", None),
    ],
)
def test_the_number_after_has_its_last_part_one_higher(number: str, after: str | None) -> None:
    assert number_after(number) == after
    assert next_number(a_train(number)) == after


@pytest.mark.parametrize(
    ("number", "whole"), [("7", 7), ("007", 7), ("", 0), ("56.develop", 0), ("-1", 0), ("٣", 0), ("1" * 10, 0)]
)
def test_only_whole_numbers_are_counted_on_from(number: str, whole: int) -> None:
    assert whole_part(number) == whole


@pytest.mark.parametrize("number", ["12.0.0", "1.0.", "xyzzy.tmp", "a b", "ü", "0" * 200])
def test_any_text_of_one_line_is_a_number(number: str) -> None:
    assert number_defects(number) == ()


@pytest.mark.parametrize("number", ["", "  ", "a\nb", "\x00", "0" * 201])
def test_what_is_no_number_is_told(number: str) -> None:
    assert [defect.path for defect in number_defects(number, "releaseNumber")] == ["releaseNumber"]


def test_earlier_are_the_open_trains_of_the_application_with_a_lower_sequence() -> None:
    train, before = a_train("2", sequence=2), a_train("1", sequence=1)

    assert is_earlier(train, before)
    assert not is_earlier(before, train)
    assert not is_earlier(train, train)
    assert not is_earlier(train, cancelled(before, CANCELLED))
