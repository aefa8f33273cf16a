"""Configurations that a runner reads in a repository, and pipelines that follow them."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.definitions.compile_load import LoadKind
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Commit, Ending
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.use_cases.installation.code_sources import SourcePlace
from chalicelib.use_cases.installation.task_namespaces import find_task_namespace
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.hand_out import HandedJob, HandOutJobs, hand_out_jobs
from chalicelib.use_cases.jobs.lease import Heartbeat, LeaseJobs
from chalicelib.use_cases.removal.project import RemoveEnvironment, remove_environment
from chalicelib.use_cases.task_pipelines.from_git import RunFromGit, run_pipeline_from_git
from chalicelib.use_cases.task_pipelines.lists import NamespacesQuery, list_namespaces, list_pipelines
from chalicelib.use_cases.task_pipelines.run import KillPipeline, kill_pipeline
from chalicelib.use_cases.task_pipelines.views import PipelineNamed, PipelineView, get_pipeline
from chalicelib.use_cases.workloads.lists import TasksQuery
from chalicelib.use_cases.workloads.loading import LoadView
from chalicelib.use_cases.workloads.loads import (
    LoadConfiguration,
    LoadNamed,
    get_load,
    load_configuration,
)
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse, an_origin
from tests.use_cases.task_pipelines.test_run import a_task, house

__all__ = ["house"]
STRANGER = replace(READER, name="eve", roles=frozenset())
PLACE = SourcePlace(repository="code", directory="jobs/night", branch="main")
PIPELINE = json.dumps({"name": "its own", "tasks": []} | {"name": "own", "tasks": [a_task("a")]})


def read(house: CatalogHouse, document: str = "", reason: str = "") -> dict[str, object]:
    """A runner gets the job, and hands over what it read, or says why it could not; what it was asked."""
    handed = taken(house)
    hand_over(house, handed, document, reason)
    return dict(handed.ask)


def taken(house: CatalogHouse) -> HandedJob:
    """The job that waits, which a runner gets."""
    lease = LeaseJobs(pool="default", runner="r1", slots=1, nonce=house.world.secret(), executor="process")
    (handed,) = hand_out_jobs(house.ports, HandOutJobs(lease=lease))
    return handed


def hand_over(house: CatalogHouse, handed: HandedJob, document: str = "", reason: str = "") -> None:
    held = Heartbeat(job=handed.leased.job.id, token=handed.leased.token, number=handed.leased.job.leases)
    ending = Ending(
        outcome=Outcome.FAILED if reason else Outcome.SUCCEEDED,
        at=house.world.now(),
        reason=reason,
        document=document,
        commit=Commit(revision="c0ffee1"),
    )
    finish_job(house.ports, FinishJob(held=held, ending=ending))
    house.work_off()


def load(house: CatalogHouse, kind: LoadKind = LoadKind.TASK) -> LoadView:
    begun = load_configuration(house.ports, LoadConfiguration(origin=an_origin(READER), kind=kind, source=PLACE))
    house.work_off()
    return begun


def loaded(house: CatalogHouse, begun: LoadView) -> LoadView:
    return get_load(house.ports, LoadNamed(by=READER, kind=begun.kind, id=begun.id))


def run(house: CatalogHouse) -> PipelineView:
    command = RunFromGit(origin=an_origin(WRITER), namespace="night", source=PLACE, name="cluster")
    begun = run_pipeline_from_git(house.ports, command)
    house.work_off()
    return begun


def now(house: CatalogHouse, begun: PipelineView) -> PipelineView:
    return get_pipeline(house.ports, PipelineNamed(by=WRITER, id=begun.id, namespace="night"))


def test_a_configuration_is_loaded_with_its_commit(house: CatalogHouse) -> None:
    begun = load(house)
    assert loaded(house, begun).status.value == "pending"

    asked = read(house, '{"type": "job"}')

    view = loaded(house, begun)
    assert (view.status.value, view.commit, view.configuration) == ("done", "c0ffee1", {"type": "job"})
    assert (asked["file"], asked["directory"], asked["branch"]) == ("manifest.json", "jobs/night", "main")


def test_why_nothing_was_loaded_is_told(house: CatalogHouse) -> None:
    begun = load(house)
    read(house, reason="directory jobs/night has no manifest.json")

    view = loaded(house, begun)
    assert (view.status.value, view.message) == ("error", "directory jobs/night has no manifest.json")


@pytest.mark.parametrize("document", ["", "{", "[" * 100_000])
def test_a_runner_that_hands_over_no_json_loads_nothing(house: CatalogHouse, document: str) -> None:
    begun, pipeline = load(house), run(house)
    for _ in range(2):
        read(house, document)

    assert loaded(house, begun).status.value == "error"
    assert now(house, pipeline).status.value == "error"


def test_a_load_is_known_for_a_day_by_its_kind_to_readers_of_its_project(house: CatalogHouse) -> None:
    begun = load(house)

    for query in (
        LoadNamed(by=READER, kind=LoadKind.PIPELINE, id=begun.id),
        LoadNamed(by=STRANGER, kind=LoadKind.TASK, id=begun.id),
        LoadNamed(by=READER, kind=LoadKind.TASK, id="nothing"),
    ):
        with pytest.raises(NotFound):
            get_load(house.ports, query)
    house.world.move(timedelta(hours=24))
    with pytest.raises(NotFound):
        loaded(house, begun)


def test_who_may_read_no_project_of_a_repository_loads_nothing_from_it(house: CatalogHouse) -> None:
    for place in (PLACE, replace(PLACE, repository="hidden")):
        command = LoadConfiguration(origin=an_origin(STRANGER), kind=LoadKind.TASK, source=place)
        with pytest.raises(NotFound, match="no registered repository"):
            load_configuration(house.ports, command)
    outside = replace(PLACE, directory="../etc")
    command = LoadConfiguration(origin=an_origin(ROOT), kind=LoadKind.TASK, source=outside)
    with pytest.raises(Invalid):
        load_configuration(house.ports, command)


def test_a_pipeline_begins_once_its_configuration_is_read(house: CatalogHouse) -> None:
    begun = run(house)
    assert (begun.status.value, now(house, begun).tasks) == ("pending", ())

    assert read(house, PIPELINE)["file"] == "pipeline.json"

    view = now(house, begun)
    assert (view.status.value, view.pipeline.name, [one.task.name for one in view.tasks]) == (
        "running",
        "cluster",
        ["a"],
    )
    source = view.view.plan.snapshot["source"]
    assert source == {"repository": "code", "directory": "jobs/night", "branch": "main", "commit": "c0ffee1"}


def test_what_is_wrong_with_a_pipeline_is_told_by_its_state(house: CatalogHouse) -> None:
    begun = run(house)
    read(house, json.dumps({"tasks": [a_task("a", "b")]}))

    view = now(house, begun)
    assert (view.status.value, view.message) == ("error", "tasks[0].dependance[0]: unknown task 'b'")
    assert view.is_in_error


def test_a_pipeline_that_is_not_there_ends_in_error(house: CatalogHouse) -> None:
    begun = run(house)
    read(house, reason="the repository has no directory jobs/night")

    assert (now(house, begun).status.value, now(house, begun).message) == (
        "error",
        "the repository has no directory jobs/night",
    )


def test_a_pipeline_is_killed_before_it_has_begun(house: CatalogHouse) -> None:
    begun = run(house)
    kill_pipeline(house.ports, KillPipeline(origin=an_origin(WRITER), id=begun.id))
    house.work_off()

    assert now(house, begun).status.value == "killed"


def test_who_may_not_write_runs_nothing(house: CatalogHouse) -> None:
    command = RunFromGit(origin=an_origin(READER), namespace="staging", project="web", source=PLACE, name="cluster")
    with pytest.raises(Forbidden):
        run_pipeline_from_git(house.ports, command)


def test_what_is_loading_or_was_refused_is_listed_with_what_runs(house: CatalogHouse) -> None:
    refused, running, loading, _ = run(house), run(house), run(house), load(house)
    for document in (json.dumps({"tasks": []}), PIPELINE):
        read(house, document)

    found = list_pipelines(house.ports, TasksQuery(by=READER, namespace="night")).items

    assert [(one.id, one.status.value) for one in found] == [
        (loading.id, "pending"),
        (running.id, "running"),
        (refused.id, "error"),
    ]
    (night,) = list_namespaces(house.ports, NamespacesQuery(by=READER)).items
    assert (night.tasks, night.pipelines) == (0, 3)


def test_all_defects_of_a_run_from_git_are_told_at_once(house: CatalogHouse) -> None:
    place = SourcePlace(repository="code", directory="../etc", branch="a..b")
    command = RunFromGit(origin=an_origin(WRITER), namespace="ni/ght", source=place, name="a b")

    with pytest.raises(Invalid) as refused:
        run_pipeline_from_git(house.ports, command)

    assert [defect.path for defect in refused.value.defects] == ["directory", "branch", "namespace", "name"]


def test_a_pipeline_whose_namespace_goes_while_it_is_loaded_begins_nowhere(house: CatalogHouse) -> None:
    begun = run(house)
    reading = taken(house)
    removal = RemoveEnvironment(origin=an_origin(ROOT), project="web", name="night")
    assert not remove_environment(house.ports, removal).is_complete
    hand_over(house, reading, PIPELINE)

    assert remove_environment(house.ports, removal).is_complete

    for gone in (begun.id, f"{begun.id}-load"):
        assert house.ports.runs.find_run(gone) is None
    assert find_task_namespace(house.ports, "night") is None
