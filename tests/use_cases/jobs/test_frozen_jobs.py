"""A job that waits for a runner when its environment is frozen is not leased, and all goes on when that ends."""

from dataclasses import replace

import pytest

from chalicelib.kernel.explanation.hold import HoldKind
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind
from chalicelib.use_cases.freezes.freezes import ResumeLine, resume_line
from chalicelib.use_cases.runs.explain import ExplainRun, explain_run
from chalicelib.use_cases.runs.pass_freeze import PassFreeze, pass_freeze
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.freezes.test_freezes import HOUR, ROOT, origin, stop
from tests.use_cases.house import House

SCRIPT = Job(kind=JobKind.SCRIPT, ask={"script": "true"})


def a_script(number: int, environment: str = "production", project: str = "web", kind: JobKind | None = None) -> Plan:
    work = SCRIPT if kind is None else replace(SCRIPT, kind=kind)
    plan = a_plan(replace(a_stage(steps=(a_step("s1", work),)), environment=environment), run=f"run{number}")
    return replace(plan, number=number, definition=replace(plan.definition, project=project))


@pytest.fixture
def house() -> House:
    """A run waits for a runner when the line is stopped in production."""
    made = CatalogHouse()
    made.start(a_script(1))
    stop(made, environment="production")
    return made


def leased(house: House, slots: int = 5) -> list[str]:
    return [one.job.run for one in house.lease(slots=slots)]


def test_a_job_that_waits_when_the_line_is_stopped_is_not_leased(house: House) -> None:
    assert leased(house) == []
    house.world.move(HOUR)
    assert leased(house) == ["run1"]


def test_when_the_line_goes_on_so_does_the_job(house: House) -> None:
    resume_line(house.ports, ResumeLine(origin=origin("2")))
    assert leased(house) == ["run1"]


def test_others_are_leased_meanwhile_also_behind_many_that_wait(house: House) -> None:
    for number in range(2, 130):
        house.start(a_script(number))
    resume_line(house.ports, ResumeLine(origin=origin("2")))
    stop(house, "3", environment="production")
    house.start(a_script(200, "staging"))
    house.start(a_script(201, "staging", project="shop"))
    assert set(leased(house)) >= {"run201"}


def test_a_build_is_never_frozen() -> None:
    house = CatalogHouse()
    plan = a_script(1, kind=JobKind.BUILD)
    definition = replace(plan.definition, kind=DefinitionKind.BUILD, environment="production")
    stages = tuple(replace(one, environment=None) for one in plan.stages)
    house.start(replace(plan, definition=definition, stages=stages))
    stop(house, environment="production")
    assert leased(house) == ["run1"]


def test_who_waits_is_told_of_the_freeze_and_who_may_lets_it_pass(house: House) -> None:
    (hold,) = explain_run(house.ports, ExplainRun(run="run1", by=ROOT)).holds
    assert (hold.kind, hold.earliest) == (HoldKind.FREEZE, house.world.now() + HOUR)
    assert "production of every project was stopped by root: smoke" in hold.reason

    pass_freeze(house.ports, PassFreeze(run="run1", by=ROOT, reason="incident"))

    assert leased(house) == ["run1"]
    with pytest.raises(Conflict, match="no freeze holds"):
        pass_freeze(house.ports, PassFreeze(run="run1", by=ROOT, reason="incident"))
