"""Runs are archived once they are as old as the installation says, and what is due now goes before."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.retention.archive_runs import Enlisting, archive_runs
from tests.builders import NOON, a_plan
from tests.fakes.runs import FakeRuns
from tests.use_cases.house import House

KEPT = timedelta(days=30)


def a_house(runs: FakeRuns, *, kept: timedelta | None = KEPT) -> House:
    house = House(runs=runs)
    house.ports = replace(house.ports, settings=Settings(keep_runs=kept))
    return house


def ended(runs: FakeRuns, name: str, days_ago: float) -> None:
    """A run that ended so long before noon."""
    plan = a_plan(run=name)
    run = new_run(plan)
    runs.create(run, plan)
    at = NOON - timedelta(days=days_ago)
    runs.commit(replace(run, phase=Phase.SUCCEEDED, ended_at=at, redeliver_at=None, pending_effects=()))


def test_runs_are_archived_when_they_are_old_enough() -> None:
    runs = FakeRuns()
    ended(runs, "old", 31)
    ended(runs, "recent", 29)
    runs.create(new_run(a_plan(run="open")), a_plan(run="open"))

    assert archive_runs(a_house(runs).ports, NOON) == 1
    assert runs.archived == {"old"}


def test_none_is_archived_where_they_are_kept_for_ever() -> None:
    runs = FakeRuns()
    ended(runs, "old", 1000)

    assert archive_runs(a_house(runs, kept=None).ports, NOON) == 0
    assert runs.archived == set()


def test_one_that_somebody_is_at_work_on_holds_up_no_other() -> None:
    class Busy(FakeRuns):
        def archive(self, run_id: str) -> None:
            if run_id == "run1":
                raise Stale("run run1 has changed")
            super().archive(run_id)

    runs = Busy()
    for name in ("run1", "run2", "run3"):
        ended(runs, name, 31)

    assert archive_runs(a_house(runs).ports, NOON) == 2
    assert runs.archived == {"run2", "run3"}


def test_it_ends_when_its_time_is_used_and_the_next_goes_on() -> None:
    class Slow(FakeRuns):
        def archive(self, run_id: str) -> None:
            super().archive(run_id)
            house.world.move(timedelta(seconds=10))

    runs = Slow()
    for number in range(5):
        ended(runs, f"run{number}", 31)
    house = a_house(runs)

    first = archive_runs(house.ports, house.ports.clock.now())
    then = archive_runs(house.ports, house.ports.clock.now())

    # A quarter of the 90 s between two sweeps.
    assert (first, then) == (3, 2)


def test_runs_that_ended_before_it_was_said_how_long_they_are_kept_are_archived_too() -> None:
    runs = FakeRuns()
    ended(runs, "old", 31)
    assert archive_runs(a_house(runs, kept=None).ports, NOON) == 0

    assert archive_runs(a_house(runs).ports, NOON) == 1
    assert runs.archived == {"old"}


def test_runs_of_older_versions_are_looked_for_in_all_projects_bit_by_bit() -> None:
    class Slow(FakeRuns):
        def enlist(self, project: str) -> bool:
            looked.append(project)
            house.world.move(timedelta(seconds=10))
            # There are so many runs of one that they take two looks.
            return project != "project1" or looked.count(project) == 2

    looked: list[str] = []
    house, enlisting = a_house(Slow()), Enlisting()
    for number in range(4):
        name = f"project{number}"
        entry = AuditEntry(id=name, at=NOON, by="ann", act="made", subject=name)
        house.ports.projects.create(Project(name=name, created_at=NOON), entry)

    found = []
    for _ in range(4):
        archive_runs(house.ports, house.ports.clock.now(), enlisting)
        found.append(len(looked))

    # A quarter of the 90 s between two sweeps each time; when all is looked through, nothing is looked for again.
    assert looked == ["project0", "project1", "project1", "project2", "project3"]
    assert found == [3, 5, 5, 5]
