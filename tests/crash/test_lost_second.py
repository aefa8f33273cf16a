"""The stand-in dies and comes back as some moment before knew it: whatever a run lost with that is asked for at once.

What the stand-in kept is what it held after some call; each later one, and all that its queues held, is lost. By the
deadline of an effect the run would go on half a minute to a whole one later: here no time passes at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Plan
from chalicelib.store.runs.recover import CrashRecovery, recover
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from tests.builders import ORIGIN, a_chain, a_plan, a_stage, a_step
from tests.crash.house import CrashHouse
from tests.crash.mail import Mail
from tests.crash.near import Near, State
from tests.crash.plans import EXCLUSIVE, SCRIPT
from tests.crash.spoils import READS, Struck

CHAIN = a_plan(a_chain(3), a_stage("two", steps=(a_step("s4"),)))
LOCKED = a_plan(a_stage(steps=(a_step(),), exclusive=True), a_stage("two", steps=(a_step("s2"),), exclusive=True))
JOBS = a_plan(a_stage(steps=(a_step(), a_step("s2", SCRIPT, needs=("s1",)))), EXCLUSIVE)


@dataclass(kw_only=True)
class Kept(Struck):
    """What the stand-in held after each call that changed something."""

    near: Near
    states: list[State] = field(default_factory=list)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        answer = super().__call__(ask, send)
        if ask.operation not in READS and ask.service != "sqs":
            self.states.append(self.near.state())
        return answer


@pytest.fixture
def house() -> Iterator[CrashHouse]:
    """An empty house."""
    near = Near()
    before = near.state()
    yield CrashHouse.built(near)
    near.restore(before)


def kept_of(house: CrashHouse, plan: Plan) -> list[State]:
    """What the stand-in may know of a run when it dies, from its first write to where it goes on by itself."""
    kept = Kept(near=house.near)
    ports = house.ports(kept)
    start_run(ports, plan, origin=ORIGIN)
    house.deliver(ports)
    return kept.states


def died(house: CrashHouse, state: State) -> Ports:
    """The ports of the process that comes after: the stand-in holds what it kept, its queues hold nothing."""
    house.near.restore(state)
    house.mail = Mail(house.world)
    return house.ports()


def recovered(house: CrashHouse, ports: Ports) -> None:
    """What is done before anything is served, and what follows from it at once."""
    identifier = house.world.identifier
    recovery = CrashRecovery(tables=house.tables(), identifier=identifier, jobs=ports.jobs, queue=ports.queue)
    recover(recovery, house.world.now())
    house.deliver(ports)


def stands_still(ports: Ports) -> bool:
    """Whether the run is begun and open, and nothing of it waits for a runner."""
    run = ports.runs.find_run("run1")
    return run is not None and not run.is_final and not ports.jobs.waiting("default", 1)


@pytest.mark.parametrize("plan", [CHAIN, LOCKED, JOBS], ids=["steps", "locks", "jobs"])
def test_whatever_the_stand_in_kept_its_runs_go_on_at_once(house: CrashHouse, plan: Plan) -> None:
    states = kept_of(house, plan)
    lost = 0
    for number, state in enumerate(states, start=1):
        ports = died(house, state)
        house.deliver(ports)
        lost += stands_still(ports)
        now = house.world.now()
        recovered(house, ports)
        assert not stands_still(ports), f"the stand-in kept what it held after write {number} of {len(states)}"
        assert house.world.now() == now
    assert lost > 0, "no effect was lost with the stand-in, so that nothing had to be asked for again"


def test_a_run_that_lost_its_last_effects_ends_as_without_that(house: CrashHouse) -> None:
    states = kept_of(house, CHAIN)
    phases = set()
    for state in states:
        ports = died(house, state)
        recovered(house, ports)
        run = ports.runs.find_run("run1")
        phases |= {run.phase} if run is not None else set()

    assert phases == {Phase.SUCCEEDED}
