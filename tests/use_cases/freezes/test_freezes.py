"""Freezes and stops: what they hold goes on at their end, when they are lifted, or when somebody may pass."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.plans.freezes import Interval, Passers
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import Window
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.freezes.freezes import (
    MOST_FREEZES,
    CreateFreeze,
    FreezesQuery,
    RemoveFreeze,
    ResumeLine,
    StopLine,
    create_freeze,
    freeze_id,
    list_freezes,
    remove_freeze,
    resume_line,
    stop_line,
)
from chalicelib.use_cases.runs.advance import advance_run
from chalicelib.use_cases.runs.pass_freeze import PassFreeze, pass_freeze
from tests.builders import NOON, a_plan, a_stage, a_step, finished, later
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House

ROOT = Principal(name="root", roles=frozenset({ADMIN}))
EVE = Principal(name="eve", roles=frozenset({role_in("web", Level.WRITE)}), groups=frozenset({"sre"}))
HOUR = timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return CatalogHouse()


def origin(seed: str = "1") -> Origin:
    return Origin(by=ROOT, at=NOON, seed=seed * 40)


def stop(house: House, seed: str = "1", environment: str = "") -> str:
    command = StopLine(origin=origin(seed), length=HOUR, reason="smoke", environment=environment)
    return stop_line(house.ports, command).freeze.id


def deploying(number: int = 1) -> Plan:
    plan = a_plan(replace(a_stage(), environment="production"))
    return replace(plan, id=f"run{number}", number=number)


def phase(house: House, run: str = "run1") -> Phase:
    return house.runs.run(run).stages[0].phase


def test_a_stop_holds_what_comes_and_ends_by_itself(house: House) -> None:
    stop(house)
    house.start(deploying())
    assert phase(house) is Phase.WAITING_TIME
    house.world.at = later(3600)
    house.queue.enqueue_tick("run1", "due")
    house.work_off()
    assert phase(house) is not Phase.WAITING_TIME


def test_what_is_lifted_lets_go_on_what_it_held(house: House) -> None:
    stop(house)
    runs = [house.start(deploying(number)).id for number in range(1, 15)]
    assert {phase(house, run) for run in runs} == {Phase.WAITING_TIME}
    resume_line(house.ports, ResumeLine(origin=origin("2")))
    house.work_off()
    assert {phase(house, run) for run in runs} == {Phase.SUCCEEDED}


def test_a_repeated_request_does_and_wakes_the_same(house: House) -> None:
    assert stop(house) == stop(house)
    house.start(deploying())
    lift = RemoveFreeze(origin=origin("2"), id=stop(house))
    remove_freeze(house.ports, lift)
    remove_freeze(house.ports, lift)
    house.work_off()
    assert phase(house) is Phase.SUCCEEDED
    with pytest.raises(NotFound):
        remove_freeze(house.ports, replace(lift, origin=origin("3")))
    assert resume_line(house.ports, ResumeLine(origin=origin("4"))) == ()


def test_another_environment_goes_on(house: House) -> None:
    stop(house, environment="test")
    assert house.start(deploying()).phase is Phase.SUCCEEDED


def test_a_stop_holds_the_next_step_of_100_runs_that_are_under_way(house: House) -> None:
    steps = (a_step("s1"), a_step("s2", needs=("s1",)))
    for number in range(1, 101):
        plan = replace(deploying(number), stages=(replace(a_stage(steps=steps), environment="production"),))
        house.runs.create(advance(plan, new_run(plan), (), NOON).run, plan)
    stop(house)
    for number in range(1, 101):
        advance_run(house.ports, f"run{number}", (finished("s1"),))
    assert {house.runs.run(f"run{number}").stages[0].held_by for number in range(1, 101)} == {freeze_id(origin())}


def test_who_may_passes_with_a_word_that_counts(house: House) -> None:
    during = Interval(begins=NOON, ends=later(3600))
    passers = Passers(teams=("sre",), reasons=("incident",))
    create_freeze(house.ports, CreateFreeze(origin=origin(), during=during, reason="audit", passers=passers))
    house.start(deploying())
    with pytest.raises(Invalid, match="should begin with one of: incident"):
        pass_freeze(house.ports, PassFreeze(run="run1", by=EVE, reason="please"))
    with pytest.raises(Forbidden, match="bob may not pass"):
        pass_freeze(house.ports, PassFreeze(run="run1", by=replace(EVE, name="bob", groups=frozenset()), reason="x"))
    pass_freeze(house.ports, PassFreeze(run="run1", by=EVE, reason="Incident 7: the site is down"))
    house.work_off()
    assert phase(house) is Phase.SUCCEEDED
    with pytest.raises(Conflict, match="no freeze holds run run1"):
        pass_freeze(house.ports, PassFreeze(run="run1", by=EVE, reason="Incident 7"))


def test_defects_are_told_all_at_once(house: House) -> None:
    window = Window(opens="at dusk", closes="0 0 6 * * ?", timezone="Mars")
    with pytest.raises(Invalid) as refused:
        create_freeze(house.ports, CreateFreeze(origin=origin(), during=window, reason=" "))
    assert {one.path for one in refused.value.defects} >= {"reason", "timezone"}
    over = Interval(begins=later(-60), ends=later(-30))
    with pytest.raises(Invalid, match="ends: is past"):
        create_freeze(house.ports, CreateFreeze(origin=origin(), during=over, reason="r"))
    with pytest.raises(NotFound):
        create_freeze(
            house.ports,
            CreateFreeze(origin=origin(), during=Interval(begins=NOON, ends=later(9)), reason="r", project="nowhere"),
        )


def test_too_many_are_refused_and_those_that_are_over_forgotten(house: House) -> None:
    for number in range(MOST_FREEZES):
        command = StopLine(origin=replace(origin(), seed=f"{number:040d}"), length=HOUR, reason="r")
        stop_line(house.ports, command)
    with pytest.raises(Conflict, match="lift one"):
        stop(house)
    house.world.at = later(4000)
    stop_line(house.ports, StopLine(origin=replace(origin("x"), at=later(4000)), length=HOUR, reason="r"))
    assert [one.id for one in house.ports.freezes.current().all] == [freeze_id(origin("x"))]


def test_freezes_of_one_project_keep_nobody_else_from_stopping_the_line(house: House) -> None:
    def stopped(project: str, seed: int, reason: str = "r") -> None:
        of = replace(origin(), seed=f"{seed:040d}")
        stop_line(house.ports, StopLine(origin=of, length=HOUR, reason=reason, project=project))

    for number in range(MOST_FREEZES):
        stopped("web", number)
    with pytest.raises(Conflict, match="of web already"):
        stopped("web", 500)
    with pytest.raises(Invalid, match="over 1500 bytes"):
        stopped("", 501, "ü" * 751)

    stopped("", 502)

    assert house.ports.freezes.current().all[-1].project == ""


def test_freezes_of_projects_are_listed_to_their_readers(house: House) -> None:
    stop(house)
    assert len(list_freezes(house.ports, FreezesQuery(by=EVE, project="web"))) == 1
