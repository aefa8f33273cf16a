"""What could not be read, told with what is wrong in the rest."""

import pytest

from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from slipway_formats.defect import Defect

SAID = Defect("somewhere", "cannot be read")


@pytest.mark.parametrize(
    ("left_out", "found", "is_told"),
    [
        ("timezone", "timezone", False),
        ("timezone", "timezones", True),
        ("timezone", "name", True),
        ("phases", "phases[0].name", False),
        ("phases[0].environment", "phases[0].steps[2].deployment", False),
        ("phases[0].environment", "phases[1].steps[2].deployment", True),
        ("phases[1].environment", "phases[10].environment", True),
        ("phases[0].steps[1].type", "phases[0].steps[1].steps", False),
        ("phases[0].steps[1].type", "phases[0].steps[2].type", True),
        ("phases[0].steps[1].type", "phases[0].environment", True),
    ],
)
def test_what_may_come_of_what_was_left_out_is_not_told(left_out: str, found: str, *, is_told: bool) -> None:
    other = Defect(found, "is wrong")
    told = UnreadableFields(defects=(SAID,), places=(left_out,)).with_others([other])
    assert told == ((SAID, other) if is_told else (SAID,))


def test_where_all_was_read_all_that_is_found_is_told() -> None:
    assert NOTHING_UNREADABLE.with_others([SAID]) == (SAID,)
    assert NOTHING_UNREADABLE.with_others([]) == ()
