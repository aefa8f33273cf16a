"""Runs that ended long ago go out of the tables."""

from chalicelib.functions import sweep
from chalicelib.use_cases.jobs.hand_out import finish_and_lease
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retention.archive_runs import archive_runs
from tests.builders import a_plan, a_stage, a_step
from tests.crash.house import KEPT, CrashHouse
from tests.crash.plans import SCRIPT, finish
from tests.crash.stories.story import Story, after, leased

ONCE = a_plan(a_stage(steps=(a_step(work=SCRIPT),)))
DAY = KEPT.total_seconds()


def ended(house: CrashHouse, ports: Ports) -> None:
    """A run with a job has ended, and all that follows from it is done."""
    leased(ONCE)(house, ports)
    finish_and_lease(ports, finish())
    house.deliver(ports)


def archived(_house: CrashHouse, ports: Ports) -> None:
    """The part of a sweep that archives."""
    archive_runs(ports, ports.clock.now())


def is_archived(house: CrashHouse, ports: Ports) -> None:
    """The next sweep has done what was left, and the run can be read."""
    archived(house, ports)
    run = ports.runs.run("run1")
    assert run.is_final
    assert ports.runs.plan(run.plan).id == run.plan
    assert len(ports.jobs.of_run("run1")) == 1
    assert house.near.objects()
    assert not any("due_shard" in item for item in house.near.items("crash-runs") if item["pk"]["S"] == "run#run1")


STORIES = {
    "archive a run": Story(before=ended, act=after(2 * DAY, archived), of=(sweep.handle,), then=is_archived),
}
