"""Freezes: when environments take nothing in. A freeze holds from its first instant up to its end, not at it."""

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.work import Window
from slipway_formats.frozen import frozen

MOST_HOPS = 100
"""Freezes, one after another, that are followed to the next opening: what waits asks again there in any case."""


@frozen
class Interval:
    """A time from its first instant up to, and not with, its last."""

    begins: datetime
    ends: datetime


@frozen
class Passers:
    """Who may pass a freeze besides admins, and with which reasons. reasons: how one begins; any will do without."""

    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@frozen
class Freeze:
    """A time in which environments take nothing in. project, environment: which; empty for all.

    during: once, or as often as a window opens. is_stop: somebody stopped the line. at: when it was made, by whom.
    """

    id: str
    during: Interval | Window
    reason: str
    by: str
    at: datetime
    project: str = ""
    environment: str = ""
    is_stop: bool = False
    passers: Passers = field(default_factory=Passers)

    @property
    def title(self) -> str:
        """What it holds, in words."""
        if self.environment:
            return f"{self.project}/{self.environment}" if self.project else f"{self.environment} of every project"
        return f"{'the line' if self.is_stop else 'every environment'}{f' of {self.project}' if self.project else ''}"

    def covers(self, project: str, environment: str) -> bool:
        """Whether it is about an environment of a project."""
        return self.project in {"", project} and self.environment in {"", environment}


@frozen
class Freezes:
    """All freezes of the installation that are not over, as of a version: a later one counts."""

    version: int = 0
    all: tuple[Freeze, ...] = ()


def end_of(freeze: Freeze, at: datetime) -> datetime | None:
    """When the freeze ends that is in force at an instant; None if it is not."""
    return _end(freeze.during, at)


def next_of(freeze: Freeze, at: datetime) -> Interval | None:
    """The time that the freeze holds next, after an instant; None if it never does again."""
    return _following(freeze.during, at)


def is_over(freeze: Freeze, at: datetime) -> bool:
    """Whether the freeze is not in force at an instant, and never will be again."""
    return end_of(freeze, at) is None and next_of(freeze, at) is None


def times_of(during: Interval | Window, within: Interval) -> Iterator[Interval]:
    """The times of an interval or a window, in order, as far as they reach into another interval."""
    ends = _end(during, within.begins)
    if ends is not None:
        yield Interval(begins=during.begins if isinstance(during, Interval) else within.begins, ends=ends)
    following = _following(during, within.begins)
    while following is not None and following.begins < within.ends:
        yield following
        following = _following(during, following.begins)


def _end(during: Interval | Window, at: datetime) -> datetime | None:
    if isinstance(during, Interval):
        return during.ends if during.begins <= at < during.ends else None
    closes, opens = _next(during.closes, during, at), _next(during.opens, during, at)
    return closes if closes is not None and (opens is None or closes <= opens) else None


def _following(during: Interval | Window, at: datetime) -> Interval | None:
    if isinstance(during, Interval):
        return during if during.begins > at else None
    begins = _next(during.opens, during, at)
    ends = _end(during, begins) if begins is not None else None
    return Interval(begins=begins, ends=ends) if begins is not None and ends is not None else None


def free_at(freezes: Iterable[Freeze], at: datetime) -> datetime:
    """The earliest instant from `at` on at which none of them is in force."""
    known = tuple(freezes)
    for _ in range(MOST_HOPS):
        ends = max((end for end in (end_of(one, at) for one in known) if end is not None), default=None)
        if ends is None:
            break
        at = ends
    return at


def _next(cron: str, window: Window, at: datetime) -> datetime | None:
    return quartz.next_after(quartz.parse(cron), at, ZoneInfo(window.timezone))
