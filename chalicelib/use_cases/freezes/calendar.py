"""What a month brings: freezes, windows and schedules of gates, promotions that are planned."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import GateType, PipelineDefinition, PipelineGate, PipelinePhase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.explanation.place import title_of
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.freezes import Interval, free_at, times_of
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind, Window
from chalicelib.use_cases.freezes.freezes import FreezesQuery, visible_freezes
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.projects import visible_projects
from slipway_formats.frozen import frozen

MOST_TIMES = 62
"""Of one freeze, window or schedule in a month."""

NEWEST_RUNS = 100
"""Of a project's pipelines, and as many of its trains: among them the planned promotions are."""


class Happening(StrEnum):
    """What stands in the calendar. WINDOW, SCHEDULE: when a gate is open, or opens."""

    FREEZE = "freeze"
    STOP = "stop"
    WINDOW = "window"
    SCHEDULE = "schedule"
    PROMOTION = "promotion"


@frozen
class CalendarEntry:
    """A time, or an instant (without ends). id: of the freeze or run; empty for a gate. environment: empty for all."""

    kind: Happening
    begins: datetime
    ends: datetime | None = None
    title: str
    project: str = ""
    environment: str = ""
    id: str = ""


@frozen
class Calendar:
    """The entries of a time, in order. openings: of each environment of the project, from when on nothing holds it."""

    within: Interval
    entries: tuple[CalendarEntry, ...]
    openings: tuple[tuple[str, datetime], ...] = ()


@frozen
class CalendarQuery:
    """Query: what a time brings to a project; empty for all that the caller may read."""

    by: Principal
    within: Interval
    project: str = ""


def month_of(text: str, now: datetime) -> Interval:
    """Return a month of UTC by its name, such as 2030-05; without one the present month. Faults: Invalid."""
    try:
        first = datetime.strptime(text or f"{now.astimezone(UTC):%Y-%m}", "%Y-%m").replace(tzinfo=UTC)
        return Interval(begins=first, ends=(first + timedelta(days=31)).replace(day=1))
    except (ValueError, OverflowError) as error:
        raise Invalid.single("month", "should be a month, such as 2030-05") from error


def month_ahead(now: datetime) -> Interval:
    """Return the 31 days that begin now: at the end of a month people look for what the next one brings."""
    return Interval(begins=now, ends=now + timedelta(days=31))


def get_calendar(ports: Ports, query: CalendarQuery) -> Calendar:
    """Return what a time brings: freezes, openings of gates that are to come, planned promotions. Faults: NotFound."""
    of_projects = (entry for one in _projects(ports, query) for entry in _of_project(ports, query, one))
    entries = [*_freezes(ports, query), *of_projects]
    openings = _openings(ports, query) if query.project else ()
    return Calendar(
        within=query.within, entries=tuple(sorted(entries, key=lambda one: one.begins)), openings=tuple(openings)
    )


def _projects(ports: Ports, query: CalendarQuery) -> Sequence[str]:
    """Return the projects of which gates and promotions are told. Faults: NotFound, also of what may not be read."""
    if not query.project:
        return [one.name for one in visible_projects(ports, query.by)]
    if not may(query.by, Level.READ, query.project):
        raise NotFound(f"no project {query.project}")
    return [ports.projects.project(query.project).name]


def _freezes(ports: Ports, query: CalendarQuery) -> Iterator[CalendarEntry]:
    for one in visible_freezes(ports, FreezesQuery(by=query.by, project=query.project)):
        kind = Happening.STOP if one.is_stop else Happening.FREEZE
        for time in islice(times_of(one.during, query.within), MOST_TIMES):
            yield CalendarEntry(
                kind=kind,
                begins=time.begins,
                ends=time.ends,
                title=one.reason,
                project=one.project,
                environment=one.environment,
                id=one.id,
            )


def _openings(ports: Ports, query: CalendarQuery) -> Iterator[tuple[str, datetime]]:
    now = ports.clock.now()
    known = visible_freezes(ports, FreezesQuery(by=query.by, project=query.project))
    for environment in ports.projects.project(query.project).environments:
        yield environment, free_at([one for one in known if one.covers(query.project, environment)], now)


def _of_project(ports: Ports, query: CalendarQuery, project: str) -> Iterator[CalendarEntry]:
    for pipeline in ports.definitions.of_project(project, DefinitionKind.PIPELINE):
        if isinstance(pipeline, PipelineDefinition):
            for phase in pipeline.phases:
                for gate in phase.gates:
                    yield from _of_gate(pipeline, phase, gate, _ahead(ports, query.within))
    for kind in (DefinitionKind.PIPELINE, DefinitionKind.TRAIN):
        for run in ports.runs.of_project(project, kind, Page(size=NEWEST_RUNS)):
            if not run.is_final:
                yield from _promotions(ports.runs.plan(run.plan), run, query.within)


def _ahead(ports: Ports, within: Interval) -> Interval:
    """Return what of a time is still to come: of gates nobody asks when they were open."""
    return Interval(begins=max(within.begins, ports.clock.now()), ends=within.ends)


def _of_gate(
    pipeline: PipelineDefinition, phase: PipelinePhase, gate: PipelineGate, ahead: Interval
) -> Iterator[CalendarEntry]:
    title = f"{pipeline.name}/{phase.name}: {gate.name}"
    for kind, time in _times(pipeline, gate, ahead):
        yield CalendarEntry(
            kind=kind,
            begins=time.begins,
            ends=time.ends if kind is Happening.WINDOW else None,
            title=title,
            project=pipeline.project,
            environment=phase.environment,
        )


def _times(pipeline: PipelineDefinition, gate: PipelineGate, ahead: Interval) -> Iterator[tuple[Happening, Interval]]:
    if gate.type is GateType.WINDOW:
        for one in gate.windows:
            window = Window(opens=one.opens, closes=one.closes, timezone=one.timezone or pipeline.timezone)
            for time in islice(times_of(window, ahead), MOST_TIMES):
                yield Happening.WINDOW, time
    elif gate.type is GateType.SCHEDULE:
        for at in islice(_fires(gate.cron, gate.timezone or pipeline.timezone, ahead), MOST_TIMES):
            yield Happening.SCHEDULE, Interval(begins=at, ends=at)


def _fires(cron: str, timezone: str, ahead: Interval) -> Iterator[datetime]:
    schedule, zone = quartz.parse(cron), quartz.zone_named(timezone)
    at = quartz.next_after(schedule, ahead.begins, zone)
    while at is not None and at < ahead.ends:
        yield at
        at = quartz.next_after(schedule, at, zone)


def _promotions(plan: Plan, run: Run, within: Interval) -> Iterable[CalendarEntry]:
    for one in run.stages:
        is_planned = one.is_scheduled and not one.held_by and one.until is not None
        if is_planned and one.until is not None and within.begins <= one.until < within.ends:
            stage = plan.by_key[one.stage]
            yield CalendarEntry(
                kind=Happening.PROMOTION,
                begins=one.until,
                title=f"{title_of(plan)} to {stage.name}",
                project=plan.definition.project,
                environment=stage.environment or "",
                id=run.id,
            )
