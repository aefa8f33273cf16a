"""Count deployments from the feed, week by week. The sweep does it: what is counted twice counts once."""

from datetime import datetime, timedelta

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.feed.occurrence import Occurrence, OccurrenceType
from chalicelib.kernel.insights.deployed_week import DeployedWeek, Point, added, week_of
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.enqueue_due import Sweep
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.feed import FeedEntry
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.release_id import parse
from slipway_formats.version import Exact

PAGE = 100


def count_deployments(ports: Ports, sweep: Sweep) -> int:
    """Count what was deployed since the last time, until the time is used; return how many attempts."""
    counted, attempts = ports.insights.counted(), 0
    while ports.clock.now() < sweep.until and (entries := _following(ports, counted)):
        attempts += sum(_count(ports, entry) for entry in entries)
        counted = entries[-1].number
        ports.insights.note_counted(counted)
    return attempts


def _following(ports: Ports, counted: int) -> list[FeedEntry]:
    try:
        return list(ports.feed.read(counted, PAGE).entries)
    except NotFound:
        # No sweep has run for a week. What is still kept is counted.
        return list(ports.feed.read(0, PAGE).entries)


def _count(ports: Ports, entry: FeedEntry) -> int:
    deployed = [
        (f"{entry.number}.{index}", occurrence)
        for index, occurrence in enumerate(entry.occurrences)
        if occurrence.type is OccurrenceType.DEPLOYMENT_CHANGED and occurrence.facts["action"] == JobKind.DEPLOY
    ]
    for event, occurrence in deployed:
        if ports.projects.recent_project(occurrence.project) is not None:
            _add(ports, occurrence, _point(ports, event, occurrence))
    return len(deployed)


def _add(ports: Ports, occurrence: Occurrence, point: Point) -> None:
    like = DeployedWeek(
        project=occurrence.project,
        environment=str(occurrence.facts["environment"]),
        application=str(occurrence.facts["application"]),
        week=week_of(occurrence.at),
    )

    def save() -> None:
        known = ports.insights.week(like)
        if (more := added(known, point)) is not known:
            ports.insights.save(more)

    retry_on_conflict(ports, save)


def _point(ports: Ports, event: str, occurrence: Occurrence) -> Point:
    facts, went_well = occurrence.facts, bool(occurrence.facts["went_well"])
    committed = _committed_at(ports, str(facts["release"])) if went_well else None
    return Point(
        id=event,
        at=occurrence.at,
        went_well=went_well,
        run=str(facts["run"]),
        release=str(facts["release"]),
        version=str(facts["release"]).rpartition("-v")[2],
        lead=max(occurrence.at - committed, timedelta(0)) if committed is not None else None,
    )


def _committed_at(ports: Ports, release_id: str) -> datetime | None:
    """Return when the change of a release came: its build began, which a push does; else when it was registered."""
    try:
        found = parse(release_id)
    except Invalid:
        return None
    if not isinstance(found.query, Exact):
        return None
    key = ReleaseKey(namespace=found.namespace, application=found.application, version=found.query.version)
    release = ports.releases.find_release(key)
    if release is None or release.built is None:
        return None if release is None else release.at
    run = ports.runs.find_run(release.built.run)
    return release.at if run is None else run.began_at
