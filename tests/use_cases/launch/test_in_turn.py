"""Runs that go one at a time begin in the order of their numbers, however many are asked for at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineStep, StepType
from chalicelib.kernel.engine.effects import WHOLE_RUN
from chalicelib.kernel.engine.progress.locks import run_lock
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.pipelines import TriggerPipeline, trigger_pipeline
from chalicelib.use_cases.launch.after_success import start_triggered
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import advance_run
from tests.builders import an_entry
from tests.fakes.world import FakeWorld
from tests.kernel.definitions.given import a_build, a_phase, a_pipeline
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, catalog_ports
from tests.use_cases.house import House
from tests.use_cases.launch.test_after_success import BUILD_STEP, an_ended_build

SCRIPT = PipelineStep(name="go", type=StepType.SCRIPT, script="true")
QUEUE = replace(a_pipeline(a_phase(SCRIPT)), concurrency=Concurrency.QUEUE)
EXCLUSIVE = a_pipeline(replace(a_phase(SCRIPT), environment="staging", exclusive=True))
IN_TURN = pytest.mark.parametrize("pipeline", [QUEUE, EXCLUSIVE])


class WaitingWorld(FakeWorld):
    """Pauses are short, and no time goes by."""

    def pause(self, longest: float) -> None:
        del longest
        time.sleep(0.005)


@dataclass
class SlowNumbers:
    """Whoever gets the first number of a run is held up while others go on."""

    numbers: Any
    while_the_first_waits: Callable[[], None]
    is_first: bool = True

    def __getattr__(self, name: str) -> object:
        return getattr(self.numbers, name)

    def following(self, counter: str) -> int:
        number: int = self.numbers.following(counter)
        if counter.startswith("runs/") and self.is_first:
            self.is_first = False
            self.while_the_first_waits()
        return number

    def following_id(self, kind: str) -> int:
        return int(self.numbers.following_id(kind))


def at_once(house: House, first: Callable[[Ports], object], second: Callable[[Ports], object]) -> None:
    """Both are asked for at once: the first has its number already when the second comes, and not yet its lock."""
    rival = threading.Thread(target=lambda: second(house.ports), daemon=True)

    def others() -> None:
        rival.start()
        rival.join(0.3)

    first(replace(house.ports, numbers=SlowNumbers(house.ports.numbers, others)))  # type: ignore[arg-type]  # a part of it
    rival.join(5)


def trigger(ports: Ports, seed: str) -> None:
    origin = Origin(by=WRITER, at=ports.clock.now(), seed=seed)
    trigger_pipeline(ports, TriggerPipeline(origin=origin, project="web", name="release"))


@IN_TURN
def test_whoever_has_the_lower_number_has_the_lock_first(pipeline: PipelineDefinition) -> None:
    house = CatalogHouse(world=WaitingWorld())
    house.ports.definitions.create(pipeline, an_entry())
    at_once(house, lambda ports: trigger(ports, "FIRST"), lambda ports: trigger(ports, "SECOND"))

    (state,) = house.locks.kept.values()
    assert state.holder is not None
    assert (state.holder.run, [one.run for one in state.waiting]) == ("FIRST", ["SECOND"])


def test_who_died_while_a_run_began_holds_up_nobody_for_long() -> None:
    house = CatalogHouse()
    key = "begin/pipeline release in web"
    now = house.world.now()
    house.ports.idempotency.claim(key, "of the dead", now=now, until=house.world.at.max.replace(tzinfo=now.tzinfo))
    assert in_turn(house.ports, QUEUE, lambda: "begun") == "begun"


def test_a_run_that_begins_later_stands_in_line_from_the_start() -> None:
    ports = catalog_ports()
    ports.definitions.create(a_build(), an_entry())
    awaiting = replace(a_pipeline(a_phase(BUILD_STEP, SCRIPT)), concurrency=Concurrency.QUEUE)
    ports.definitions.create(awaiting, an_entry())
    plan, run = an_ended_build(ports)
    first, second = (start_triggered(ports, replace(plan, id=one), replace(run, id=one))[0] for one in ("B1", "B2"))
    for later in (second, first):
        advance_run(ports, later, ())
    lock = run_lock(ports.runs.plan(first))
    holder = ports.locks.holder(lock)
    assert holder is not None
    assert (holder.run, holder.execution, [one.run for one in ports.locks.line(lock)]) == (first, WHOLE_RUN, [second])
