"""The calendar: freezes, gates that are to open, planned promotions, and from when on an environment is open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.definitions.pipeline import GateType, PipelineDefinition, PipelineGate, PipelinePhase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.freezes import Interval
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.plans.work import Window
from chalicelib.use_cases.freezes.calendar import Calendar, CalendarQuery, Happening, get_calendar
from chalicelib.use_cases.freezes.freezes import CreateFreeze, create_freeze
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from tests.builders import NOON, a_plan, a_stage, an_entry
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.freezes.test_freezes import ROOT, origin
from tests.use_cases.house import House

ANN = Principal(name="ann", roles=frozenset({role_in("web", Level.READ)}))
DAY = timedelta(days=1)
WEEK = Interval(begins=NOON, ends=NOON + 7 * DAY)
EIGHT_TO_NINE = Window(opens="0 0 8 * * ?", closes="0 0 9 * * ?")
MORNINGS = PipelineGate(name="mornings", type=GateType.WINDOW, windows=(EIGHT_TO_NINE,))
MONDAYS = PipelineGate(name="mondays", type=GateType.SCHEDULE, cron="0 0 6 ? * MON")


@pytest.fixture
def house() -> House:
    return CatalogHouse()


def of_web(house: House) -> Calendar:
    return get_calendar(house.ports, CalendarQuery(by=ANN, within=WEEK, project="web"))


def test_a_freeze_stands_in_it_and_says_from_when_on_its_environment_is_open(house: House) -> None:
    during = Interval(begins=NOON, ends=NOON + DAY)
    made = create_freeze(house.ports, CreateFreeze(origin=origin(), during=during, reason="audit", project="web"))
    (entry,) = of_web(house).entries
    assert (entry.kind, entry.begins, entry.ends, entry.id) == (Happening.FREEZE, NOON, NOON + DAY, made.freeze.id)
    assert dict(of_web(house).openings)["production"] == NOON + DAY


def test_gates_of_pipelines_stand_in_it_as_far_as_they_are_to_come(house: House) -> None:
    phase = PipelinePhase(name="ship", environment="production", gates=(MORNINGS, MONDAYS))
    pipeline = PipelineDefinition(id="p1", project="web", name="release", phases=(phase,), created_at=NOON)
    house.ports.definitions.create(pipeline, an_entry("release"))
    kinds = [one.kind for one in of_web(house).entries]
    assert (kinds.count(Happening.WINDOW), kinds.count(Happening.SCHEDULE)) == (7, 1)
    assert {one.environment for one in of_web(house).entries} == {"production"}


def test_a_planned_promotion_stands_in_it(house: House) -> None:
    stage = replace(a_stage(), promotion=Promotion.MANUAL, environment="production")
    house.start(a_plan(stage))
    at = NOON + DAY
    decide_run(house.ports, DecideRun(run="run1", kind=ActKind.PROMOTED, by=ROOT, stage="one", begin_at=at))
    (entry,) = of_web(house).entries
    assert (entry.kind, entry.begins, entry.id, entry.environment) == (Happening.PROMOTION, at, "run1", "production")


def test_of_a_project_that_one_may_not_read_nothing_is_told(house: House) -> None:
    stranger = Principal(name="bob")
    for project in ("web", "nowhere"):
        with pytest.raises(NotFound, match=f"no project {project}"):
            get_calendar(house.ports, CalendarQuery(by=stranger, within=WEEK, project=project))
    month = Interval(begins=datetime(2026, 7, 1, tzinfo=UTC), ends=datetime(2026, 8, 1, tzinfo=UTC))
    assert get_calendar(house.ports, CalendarQuery(by=stranger, within=month)).entries == ()
