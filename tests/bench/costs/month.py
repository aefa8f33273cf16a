"""A month of an installation: how often each act is done, and what that costs."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.costs import acts
from tests.bench.costs.acts import JOBS_A_RUN, usage_of
from tests.bench.costs.usage import Usage
from tests.bench.counted import CountedHouse

DAYS = 30.42
MINUTES = DAYS * 24 * 60
RUNS_A_DAY, JOB_SECONDS = 5, 300
JOBS_A_RUNNER = 9
PUSHES_A_SECOND_AND_PIPELINE = 50 / 10_000
IDLE_SECONDS = 49.5
"""Between two requests of an idle runner: 45 s, and up to a fifth more."""

TICKETS_A_MONTH = DAYS * 24 / 2
"""API Gateway ends a connection after two hours."""

POLLED = Usage(standard=3 * 15, fifo=2 * 15)
"""A minute of Lambda's pollers: five to a queue, each for 20 s. Source: Lambda's guide, "polling behavior of SQS"."""

WOKEN = 2
"""Messages for a job that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What each act uses. one, nine: a minute of a runner with so many jobs."""

    run: Usage
    one: Usage
    nine: Usage
    idle: Usage
    ticket: Usage
    push: Usage
    sweep: Usage
    slot: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Of an installation. runners: beside those that its jobs need, too."""

    pipelines: int
    runners: int

    @property
    def runs(self) -> float:
        """Runs a month."""
        return self.pipelines * RUNS_A_DAY * DAYS

    @property
    def running(self) -> float:
        """Jobs that are running at any time."""
        return self.pipelines * RUNS_A_DAY * JOBS_A_RUN * JOB_SECONDS / 86_400


SIZES = (Size(pipelines=1, runners=1), Size(pipelines=100, runners=1), Size(pipelines=10_000, runners=100))


def acts_on(house: CountedHouse) -> Acts:
    """What each act uses, on an installation of its own."""
    driver = acts.prepare(house)
    return Acts(
        push=usage_of(driver, acts.skipped_push, times=5),
        idle=usage_of(driver, acts.idle_request, times=5),
        ticket=usage_of(driver, acts.wake_ticket, times=5),
        sweep=usage_of(driver, acts.one_sweep),
        slot=usage_of(driver, acts.slot),
        run=usage_of(driver, acts.run),
        nine=usage_of(driver, acts.RunnerMinute(driver, 9)),
        one=usage_of(driver, acts.RunnerMinute(driver, 1)),
    )


def idle_fleet(used: Acts, runners: int) -> Usage:
    """A month of runners that have nothing to do, and are woken when they have."""
    own = used.idle.scaled(MINUTES * 60 / IDLE_SECONDS) + used.ticket.scaled(TICKETS_A_MONTH)
    return (own + Usage(minutes=MINUTES)).scaled(runners)


def month(used: Acts, size: Size) -> Mapping[str, Usage]:
    """What a month uses, by what it is for."""
    busy = size.running / JOBS_A_RUNNER
    # Of fewer jobs than a runner does at once one is taken, as long as there is one.
    minute = used.nine if busy >= 1 else used.one
    minutes = MINUTES * (busy if busy >= 1 else min(size.running, 1.0))
    idle = max(size.runners - max(busy, min(size.running, 1.0)), 0.0)
    return {
        "runs, from their trigger to the seal of their logs": used.run.scaled(size.runs)
        + Usage(messages=WOKEN * size.runs),
        "logs, leases and checks of running jobs": minute.scaled(minutes),
        "runners that are idle": idle_fleet(used, 1).scaled(idle),
        "pushes that begin nothing": used.push.scaled(size.pipelines * PUSHES_A_SECOND_AND_PIPELINE * MINUTES * 60),
        "sweeps and seals": used.sweep.scaled(MINUTES),
        "pollers of queues that are empty": POLLED.scaled(MINUTES),
    }
