"""When windows are open, and when they open next."""

from datetime import UTC, datetime

import pytest

from chalicelib.kernel.plans.check_work import work_defects
from chalicelib.kernel.plans.windows import next_opening
from chalicelib.kernel.plans.work import Window, Windows
from tests.builders import NOON

WORKDAYS = Window(opens="0 0 8 ? * MON-FRI", closes="0 30 17 ? * MON-FRI", timezone="Europe/Berlin")
NIGHTS = Window(opens="0 0 22 ? * SAT", closes="0 0 4 ? * SUN")
WHOLE_DAYS = Window(opens="0 0 0 ? * MON-WED", closes="0 0 0 ? * TUE-THU")


def on(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant of June 2026, of which the first is a Monday."""
    return datetime(2026, 6, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (on(1, 5, 59, 59), on(1, 6)),
        (on(1, 6), on(1, 6)),
        (on(1, 15, 29, 59), on(1, 15, 29, 59)),
        (on(1, 15, 30), on(2, 6)),
        (on(5, 16), on(6, 22)),
        (on(6, 23), on(6, 23)),
        (on(7, 3), on(7, 3)),
        (on(7, 4), on(8, 6)),
    ],
)
def test_one_of_the_windows_is_open_or_opens_next(at: datetime, opens: datetime) -> None:
    assert next_opening(Windows(any_of=(WORKDAYS, NIGHTS)), at) == opens


@pytest.mark.parametrize("at", [on(1, 0), on(1, 12), on(2, 0), on(3, 23, 59, 59)])
def test_whole_days_in_a_row_are_open_throughout(at: datetime) -> None:
    assert next_opening(Windows(any_of=(WHOLE_DAYS,)), at) == at


def test_what_never_opens_again_says_so() -> None:
    past = Window(opens="0 0 8 1 5 ? 2026", closes="0 0 9 1 5 ? 2026")
    assert next_opening(Windows(any_of=(past,)), NOON) is None
    said = [(one.path, one.message) for one in work_defects(Windows(any_of=(WORKDAYS, past)), frozenset(), NOON)]
    assert said == [("windows[1].opens", "never fires again"), ("windows[1].closes", "never fires again")]


def test_defects_of_windows_are_told_all_at_once() -> None:
    bad = Window(opens="0 0 25 * * ?", closes="often", timezone="Mars/Olympus")
    paths = [one.path for one in work_defects(Windows(any_of=(bad,)), frozenset(), NOON)]
    assert {"windows[0].opens", "windows[0].closes", "timezone"} <= set(paths)
    assert [one.path for one in work_defects(Windows(any_of=()), frozenset(), NOON)] == ["windows"]
