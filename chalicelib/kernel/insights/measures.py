"""Numbers of delivery of an application by week. Source: DORA's four keys; what they are here: docs/insights.md."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from statistics import median

from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.insights.deployed_week import Point, week_of
from slipway_formats.frozen import frozen
from slipway_formats.version import sort_key


@frozen
class Measure:
    """A week. deployments: that went well. failed: that did not, or were taken back. lead, restore: medians.

    runs: of all attempts, in order. failed_runs: those of them that failed.
    """

    week: str
    deployments: int = 0
    failed: int = 0
    attempts: int = 0
    lead: timedelta | None = None
    restore: timedelta | None = None
    runs: tuple[str, ...] = ()
    failed_runs: tuple[str, ...] = ()

    @property
    def failed_share(self) -> float | None:
        """Return the share of the attempts that failed; None without any."""
        return self.failed / self.attempts if self.attempts else None


def measures(points: Sequence[Point], weeks: Sequence[str]) -> tuple[Measure, ...]:
    """Return the numbers of an application for each of these weeks. points: in order, of all of the weeks."""
    failed = _failed(points)
    restored = list(_restored(points, failed))
    return tuple(_measure(week, points, failed, restored) for week in weeks)


def _measure(
    week: str, points: Sequence[Point], failed: Mapping[str, bool], restored: Sequence[tuple[str, timedelta]]
) -> Measure:
    own = [one for one in points if week_of(one.at) == week]
    leads = [one.lead for one in own if one.went_well and one.lead is not None]
    times = [time for of, time in restored if of == week]
    return Measure(
        week=week,
        deployments=sum(one.went_well for one in own),
        failed=sum(failed[one.id] for one in own),
        attempts=len(own),
        lead=_median(leads),
        restore=_median(times),
        runs=tuple(one.run for one in own if one.run),
        failed_runs=tuple(one.run for one in own if one.run and failed[one.id]),
    )


def _median(lengths: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(one.total_seconds() for one in lengths)) if lengths else None


def _failed(points: Sequence[Point]) -> Mapping[str, bool]:
    """Return of each attempt whether it failed: it went badly, or what went well next was an earlier version."""
    after: dict[str, Point] = {}
    following: Point | None = None
    for one in reversed(points):
        if following is not None:
            after[one.id] = following
        following = one if one.went_well else following
    return {one.id: not one.went_well or _is_earlier(after.get(one.id), one) for one in points}


def _is_earlier(following: Point | None, than: Point) -> bool:
    if following is None or not following.version or not than.version:
        return False
    try:
        return sort_key(following.version) < sort_key(than.version)
    except Invalid:
        return False


def _restored(points: Sequence[Point], failed: Mapping[str, bool]) -> Iterator[tuple[str, timedelta]]:
    """Yield the week in which something failed first, and how long it took until something went well."""
    began: Point | None = None
    for one in points:
        if began is not None and one.went_well:
            yield week_of(began.at), one.at - began.at
            began = None
        if began is None and failed[one.id]:
            began = one
