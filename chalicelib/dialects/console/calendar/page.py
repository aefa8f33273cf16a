"""What the calendar shows: a month day by day, when each environment takes something in next, and all freezes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType

from chalicelib.dialects.console.frame.crumbs import Tile, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.plans.freezes import Interval
from chalicelib.use_cases.freezes.calendar import CalendarEntry, CalendarQuery, Happening, get_calendar
from chalicelib.use_cases.freezes.freezes import FreezesQuery, FreezeView, list_freezes
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import visible_projects
from slipway_formats.frozen import frozen

DAY = timedelta(days=1)
LOOKS: Mapping[Happening, Mark] = MappingProxyType(
    {
        Happening.FREEZE: Mark(shape="■", tone="wait", word="frozen"),
        Happening.STOP: Mark(shape="⊘", tone="bad", word="stopped"),
        Happening.WINDOW: Mark(shape="◇", tone="ok", word="window"),
        Happening.SCHEDULE: Mark(shape="◷", tone="ok", word="gate opens"),
        Happening.PROMOTION: Mark(shape="»", tone="busy", word="promotion"),
    }
)


@frozen
class Month:
    """Query: the page of a month, of one project or of all that the caller may read."""

    frame: Frame
    by: Principal
    now: datetime
    within: Interval
    project: str = ""


@frozen
class DayEntry:
    """What happens on a day. at: when it begins there. others: as many more of the same on this day."""

    what: CalendarEntry
    look: Mark
    at: datetime
    others: int


@frozen
class Day:
    """A day of the month, in UTC."""

    day: date
    is_today: bool
    entries: Sequence[DayEntry]


@frozen
class FreezeRow:
    """A freeze, and whether the reader may lift it."""

    view: FreezeView
    look: Mark
    tile: Tile | None
    may_lift: bool


@frozen
class MonthPage:
    """What the page shows. weeks: of seven days each, None for those of other months. owned: what one may freeze."""

    asked: Month
    weeks: Sequence[Sequence[Day | None]]
    openings: Sequence[tuple[str, datetime]]
    freezes: Sequence[FreezeRow]
    owned: Sequence[str]
    may_freeze_all: bool
    before: str
    after: str
    held: Mark = LOOKS[Happening.FREEZE]


def month_page(ports: Ports, asked: Month) -> MonthPage:
    """Return what a month brings. Faults: NotFound for a project that one may not read."""
    query = CalendarQuery(by=asked.by, within=asked.within, project=asked.project)
    calendar = get_calendar(ports, query)
    freezes = list_freezes(ports, FreezesQuery(by=asked.by, project=asked.project))
    return MonthPage(
        asked=asked,
        weeks=_weeks(asked, calendar.entries),
        openings=calendar.openings,
        freezes=[_freeze_row(asked.by, view) for view in freezes],
        owned=[one.name for one in visible_projects(ports, asked.by) if may(asked.by, Level.OWNER, one.name)],
        may_freeze_all=is_admin(asked.by),
        before=f"{asked.within.begins - DAY:%Y-%m}",
        after=f"{asked.within.ends:%Y-%m}",
    )


def _freeze_row(by: Principal, view: FreezeView) -> FreezeRow:
    project = view.freeze.project
    return FreezeRow(
        view=view,
        look=LOOKS[Happening.STOP if view.freeze.is_stop else Happening.FREEZE],
        tile=tile_of(project) if project else None,
        may_lift=may(by, Level.OWNER, project) if project else is_admin(by),
    )


def _weeks(asked: Month, entries: Sequence[CalendarEntry]) -> Sequence[Sequence[Day | None]]:
    first, today = asked.within.begins.date(), asked.now.astimezone(UTC).date()
    count = (asked.within.ends - asked.within.begins).days
    days: list[Day | None] = [None] * first.weekday()
    for number in range(count):
        day = first + number * DAY
        days.append(Day(day=day, is_today=day == today, entries=day_entries(day, entries)))
    days += [None] * (-len(days) % 7)
    return [days[begin : begin + 7] for begin in range(0, len(days), 7)]


def day_entries(day: date, entries: Sequence[CalendarEntry]) -> Sequence[DayEntry]:
    """Return what happens on a day of UTC; what happens several times on it is one entry, at its first time."""
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    here = [one for one in entries if one.begins < begins + DAY and begins <= _last(one)]
    alike = [list(group) for _, group in groupby(sorted(here, key=_kind), key=_kind)]
    found = [
        DayEntry(what=group[0], look=LOOKS[group[0].kind], at=max(group[0].begins, begins), others=len(group) - 1)
        for group in alike
    ]
    return sorted(found, key=lambda one: one.at)


def _last(entry: CalendarEntry) -> datetime:
    """Return its last instant: its end is no part of it."""
    return entry.begins if entry.ends is None else max(entry.begins, entry.ends - timedelta(microseconds=1))


def _kind(entry: CalendarEntry) -> tuple[str, ...]:
    return entry.kind, entry.project, entry.environment, entry.title, entry.id
