"""What the port of workloads promises, asked of the fake and of the store alike."""

from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.transitions import deleted, looked_at, replaced
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.projects.projects import StoredProjects
from chalicelib.store.workloads.workloads import StoredWorkloads
from chalicelib.use_cases.ports.projects import Projects
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.workloads import Workloads
from slipway_formats.workloads.manifest import WorkloadKind
from tests.builders import NOON, an_entry
from tests.fakes.projects import FakeProjects
from tests.fakes.workloads import FakeWorkloads
from tests.fakes.world import FakeWorld
from tests.kernel.workloads.given import a_pod, a_report, a_settled, a_workload

SERVICE, JOB, CRONJOB = WorkloadKind.SERVICE, WorkloadKind.JOB, WorkloadKind.CRONJOB


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def workloads(request: pytest.FixtureRequest) -> Workloads:
    if request.param == "fake":
        kept = FakeProjects()
        projects: Projects = kept
        made: Workloads = FakeWorkloads(projects=kept)
    else:
        tables: Tables = request.getfixturevalue("tables")
        projects = StoredProjects(tables=tables)
        made = StoredWorkloads(tables=tables, identifier=FakeWorld().identifier)
    for name, environments in (("web", ("staging", "other")), ("shop", ("staging",))):
        projects.create(Project(name=name, created_at=NOON), an_entry())
        for environment in environments:
            place = Environment(project=name, name=environment, created_at=NOON)
            projects.create_environment(projects.project(name), place, an_entry())
    return made


def named(workloads: Workloads, name: str = "fibonacci") -> Workload | None:
    return workloads.find_named("web", "staging", name)


def listed(workloads: Workloads, page: Page | None = None) -> list[str]:
    return [one.id for one in workloads.of_environment("web", "staging", page or Page())]


def test_a_workload_is_kept_as_it_was_deployed(workloads: Workloads) -> None:
    saved = workloads.save(a_workload(), entry=an_entry())

    assert saved == replace(a_workload(), version=1)
    assert workloads.workload(saved.id) == workloads.find_workload(saved.id) == saved
    assert workloads.find_workload("W9") is None
    with pytest.raises(NotFound):
        workloads.workload("W9")


def test_a_repeated_command_changes_nothing(workloads: Workloads) -> None:
    saved = workloads.save(a_workload(), entry=an_entry("deploy"))

    assert workloads.save(replace(a_workload(), by="eve"), entry=an_entry("deploy")) == saved


def test_a_workload_is_saved_on_its_version(workloads: Workloads) -> None:
    saved = workloads.save(a_workload())

    assert workloads.save(saved).version == 2
    with pytest.raises(Stale):
        workloads.save(saved)
    with pytest.raises(Stale):
        workloads.save(a_workload())


def test_only_the_current_one_holds_its_name_and_is_listed(workloads: Workloads) -> None:
    workloads.save(a_workload(2))
    current = workloads.save(a_settled())

    assert named(workloads) == current
    assert listed(workloads) == [current.id]
    with pytest.raises(Conflict, match="in use"):
        workloads.save(a_settled(number=3))
    assert workloads.find_workload(a_workload(3).id) is None


def test_one_takes_the_place_of_another_at_once(workloads: Workloads) -> None:
    before = workloads.save(a_settled())
    after = a_settled(number=2)

    saved = workloads.save(after, replaces=replaced(before, after, NOON))

    assert named(workloads) == saved
    assert listed(workloads) == [saved.id]
    assert workloads.workload(before.id).message == f"replaced by {after.id}"
    third = a_settled(number=3)
    with pytest.raises(Stale):
        workloads.save(third, replaces=replaced(before, third, NOON))


def test_a_deleted_one_gives_its_name_and_prefix_back(workloads: Workloads) -> None:
    first = workloads.save(a_settled(SERVICE))

    gone = workloads.save(deleted(first, NOON), entry=an_entry("deleted"))

    assert named(workloads) is None
    assert workloads.find_published(["/fibonacci/"]) is None
    assert listed(workloads) == []
    assert workloads.workload(first.id) == gone
    assert workloads.save(a_settled(SERVICE, number=2)).version == 1


def test_a_prefix_is_of_one_service_of_the_installation(workloads: Workloads) -> None:
    first = workloads.save(a_settled(SERVICE))
    elsewhere = replace(a_settled(SERVICE, number=2), project="shop")

    with pytest.raises(Conflict, match="in use"):
        workloads.save(elsewhere)
    assert workloads.find_published(["/fibonacci/more/", "/fibonacci/"]) == first
    assert workloads.find_published(["/"]) is None


def test_a_prefix_that_an_update_gives_up_is_free(workloads: Workloads) -> None:
    before, after = workloads.save(a_settled(SERVICE)), a_settled(WorkloadKind.DEPLOYMENT, number=2)

    workloads.save(after, replaces=replaced(before, after, NOON))

    assert workloads.find_published(["/fibonacci/"]) is None


def test_lists_go_on_after_a_page(workloads: Workloads) -> None:
    for number in range(1, 4):
        workloads.save(a_settled(number=number, name=f"job-{number}"))

    first = listed(workloads, Page(size=2))

    assert first == [a_workload(3).id, a_workload(2).id]
    assert listed(workloads, Page(size=2, after=first[-1])) == [a_workload(1).id]


def test_all_of_an_environment_are_found_also_what_is_gone(workloads: Workloads) -> None:
    first = workloads.save(a_workload())
    second = workloads.save(deleted(workloads.save(a_settled(number=2)), NOON))
    workloads.save(replace(a_workload(3), environment="other"))

    assert workloads.every_in("web", "staging") == [first.id, second.id]
    for _ in range(2):
        workloads.forget("web", "staging", first.id)
    assert workloads.every_in("web", "staging") == [second.id]


def test_what_is_due_is_found_by_time(workloads: Workloads) -> None:
    cron = workloads.save(a_settled(CRONJOB))
    early = workloads.save(replace(a_workload(2), look_at=NOON))
    at = cron.next_fire
    assert at is not None

    assert [one.id for one in workloads.due(NOON, 10)] == [early.id]
    assert [(one.id, one.at) for one in workloads.due(at, 10)] == [(early.id, NOON), (cron.id, at)]
    assert [one.id for one in workloads.due(at, 1)] == [early.id, cron.id]
    workloads.save(looked_at(early))
    assert [one.id for one in workloads.due(at, 10)] == [cron.id]


def test_the_newest_report_of_a_run_counts(workloads: Workloads) -> None:
    workload = workloads.save(a_settled())
    newer = a_report(workload, a_pod(PodPhase.SUCCEEDED), sequence=1_000_002)

    assert workloads.report(a_report(workload))
    assert workloads.report(newer)
    assert workloads.report(newer)
    assert not workloads.report(a_report(workload))

    assert workloads.find_report(workload.id, workload.id) == newer
    assert workloads.find_report(workload.id, "other") is None


def test_reports_are_found_by_workload_and_by_environment(workloads: Workloads) -> None:
    workload = workloads.save(a_settled())
    first, second = a_report(workload, run="R1"), a_report(workload, run="R2")
    for one in (second, first):
        workloads.report(one)

    assert list(workloads.reports_of(workload.id)) == [first, second]
    assert list(workloads.reports_in("web", "staging", Page(size=1))) == [first]
    assert list(workloads.reports_in("web", "staging", Page(after="R1"))) == [second]
    workloads.forget_reports(workload.id)
    assert list(workloads.reports_of(workload.id)) == []


def test_what_is_in_an_environment_is_counted(workloads: Workloads) -> None:
    def counted() -> tuple[int, int]:
        (counts,) = workloads.counts([("web", "staging")])
        return counts.workloads, counts.pipelines

    assert counted() == (0, 0)
    pending = workloads.save(a_workload())
    assert counted() == (0, 0)
    first = workloads.save(replace(a_settled(), version=pending.version))
    first = workloads.save(replace(first, message="seen"))
    second = workloads.save(a_settled(number=2, name="other"))
    assert counted() == (2, 0)
    third = workloads.save(a_settled(number=3), replaces=replaced(first, a_settled(number=3), NOON))
    assert counted() == (2, 0)
    for one in (second, third):
        gone = workloads.save(deleted(one, NOON))
        workloads.save(replace(gone, look_at=None))
    assert counted() == (0, 0)

    for _ in range(2):
        workloads.count_pipeline("web", "staging", an_entry("begun"))
    workloads.count_pipeline("web", "staging", an_entry("begun-again"))
    assert counted() == (0, 2)
    assert [one.pipelines for one in workloads.counts([("web", "moon"), ("web", "staging")])] == [0, 2]
    workloads.forget_counts("web", "staging")
    workloads.forget_counts("web", "staging")
    assert counted() == (0, 0)


def test_nothing_new_is_deployed_where_there_is_no_environment(workloads: Workloads) -> None:
    with pytest.raises(NotFound, match="no environment moon"):
        workloads.save(replace(a_workload(), environment="moon"))
    with pytest.raises(NotFound):
        workloads.save(replace(a_settled(), environment="moon"))

    assert workloads.every_in("web", "moon") == []
    assert workloads.find_named("web", "moon", "fibonacci") is None
