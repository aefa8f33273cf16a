"""A run and the run that a step of it started: what each hears of the other, whatever gets lost between them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.engine.events import CancelRequested, Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Fault, Stale, Throttled, Unavailable
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind, RunDefinition
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.ports.projects import Definitions
from chalicelib.use_cases.runs.advance import decide
from tests.builders import NOON, a_plan, a_stage, a_step, an_entry
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import held

BUILD = RunDefinition(kind=DefinitionKind.BUILD, project="web", environment="staging", name="app")
CHILD = "run1-1-s1-1"


@pytest.fixture
def house() -> CatalogHouse:
    """A house in which a build can be run."""
    house = CatalogHouse()
    house.ports.definitions.create(a_build(), an_entry())
    return house


def parent_plan() -> Plan:
    return a_plan(a_stage(steps=(a_step(work=BUILD),), exclusive=True))


def parent(house: CatalogHouse) -> Run:
    return house.runs.run("run1")


def test_a_step_that_is_told_to_stop_has_not_ended_before_its_child_run_has(house: CatalogHouse) -> None:
    house.start(parent_plan())
    (leased,) = house.lease()
    decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="ada"))
    house.work_off()
    house.pass_time(1)
    assert house.node("run1", "s1").phase is Phase.STOPPING
    assert not parent(house).is_final
    house.finish(leased)
    assert parent(house).phase is Phase.CANCELLED


def test_the_end_of_a_child_run_is_told_until_its_parent_has_heard_it(house: CatalogHouse) -> None:
    house.start(parent_plan())
    (leased,) = house.lease()
    ending = Ending(outcome=Outcome.SUCCEEDED, at=house.world.now())
    finish_job(house.ports, FinishJob(held=held(leased), ending=ending))
    assert house.runs.run(CHILD).phase is Phase.SUCCEEDED
    house.queue.sent.clear()
    house.pass_time(60)
    assert parent(house).phase is Phase.SUCCEEDED
    house.pass_time(60)
    assert house.runs.run(CHILD).pending_effects == ()


@pytest.mark.parametrize("fault", [Throttled, Unavailable, Stale])
def test_a_child_run_that_cannot_be_begun_just_now_is_asked_for_again(house: CatalogHouse, fault: type[Fault]) -> None:
    definitions = Faltering(house.ports.definitions, fault("a moment"))
    lent: Any = definitions
    house.ports = replace(house.ports, definitions=lent)
    house.start(parent_plan())
    assert house.node("run1", "s1").phase is Phase.STARTING
    definitions.fault = None
    house.pass_time(60)
    assert house.node("run1", "s1").phase is Phase.RUNNING


def test_a_child_run_of_what_is_not_there_is_not_asked_for_again(house: CatalogHouse) -> None:
    gone = replace(BUILD, name="gone")
    house.start(a_plan(a_stage(steps=(a_step(work=gone),))))
    assert parent(house).phase is Phase.BROKEN


@dataclass
class Faltering:
    """Definitions that cannot be read as long as there is a fault."""

    definitions: Definitions
    fault: Fault | None

    def __getattr__(self, name: str) -> object:
        if self.fault is not None:
            raise self.fault
        return getattr(self.definitions, name)
