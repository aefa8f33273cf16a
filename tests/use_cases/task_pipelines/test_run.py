"""Pipelines of tasks, run in a house on fakes: in parallel, in spite of errors, killed, tried again."""

import threading
from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.use_cases.installation.git_repositories import SaveGitRepository, create_or_update_git_repository
from chalicelib.use_cases.installation.task_namespaces import find_task_namespace
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.projects.repositories import SaveRepository
from chalicelib.use_cases.removal.project import RemoveEnvironment, remove_environment
from chalicelib.use_cases.task_pipelines.lists import list_pipelines
from chalicelib.use_cases.task_pipelines.run import (
    KillPipeline,
    RetryPipeline,
    RunTaskPipeline,
    kill_pipeline,
    retry_pipeline,
    run_task_pipeline,
)
from chalicelib.use_cases.task_pipelines.views import PipelineNamed, PipelineView, get_pipeline
from chalicelib.use_cases.workloads.lists import TasksQuery, list_tasks
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse, an_origin
from tests.use_cases.launch.test_in_turn import SlowNumbers, WaitingWorld
from tests.use_cases.workloads.given import ended, leases, settled

MANIFEST = {"type": "job", "name": "any", "image": "x", "cmd": ["true"], "env": [{"name": "A", "value": "of all"}]}


def a_task(name: str, *needs: str, **more: object) -> dict[str, object]:
    return {"name": name, "namespacetask": f"code/{name}", "dependance": list(needs), **more}


CLUSTER = (a_task("create"), a_task("work", "create"), a_task("delete", "work", **{"run-if-error": True}))


@pytest.fixture
def house() -> CatalogHouse:
    return with_code(CatalogHouse())


def with_code(made: CatalogHouse) -> CatalogHouse:
    """The house, with an executor and a registered repository."""
    made.ports = replace(made.ports, settings=replace(made.ports.settings, executor="process"))
    settings = SaveRepository(origin=an_origin(ROOT), project="", name="code", url="https://git.example.org/code.git")
    create_or_update_git_repository(made.ports, SaveGitRepository(settings=settings, projects=("web",)))
    return made


def begin(house: CatalogHouse, *tasks: Mapping[str, object], **more: object) -> PipelineView:
    command = RunTaskPipeline(
        origin=an_origin(WRITER), namespace="night", configuration={"name": "cluster", "tasks": list(tasks), **more}
    )
    view = run_task_pipeline(house.ports, command)
    house.work_off()
    return view


def now(house: CatalogHouse, begun: PipelineView) -> PipelineView:
    return get_pipeline(house.ports, PipelineNamed(by=WRITER, id=begun.view.run.id))


def states(house: CatalogHouse, begun: PipelineView) -> dict[str, str]:
    return {one.task.name: one.status.value for one in now(house, begun).tasks}


def jobs(house: CatalogHouse) -> dict[str, LeasedJob]:
    """The tasks that wait for a runner, by the names of their directories, in its hands and settled."""
    found = {one.job.name.removeprefix("cluster-"): one for one in leases(house, house.world.secret())}
    for name, leased in found.items():
        settled(house, leased, {**MANIFEST, "name": name}, "c0ffee1")
    return found


def end(house: CatalogHouse, leased: LeasedJob, outcome: Outcome = Outcome.SUCCEEDED) -> None:
    ended(house, leased, outcome)


def test_tasks_run_as_soon_as_what_they_need_has_ended(house: CatalogHouse) -> None:
    begun = begin(house, a_task("a"), a_task("b", "a"), a_task("c", "a"), a_task("d", "b", "c"))
    first = jobs(house)
    assert set(first) == {"a"}
    assert states(house, begun) == {"a": "running", "b": "waiting", "c": "waiting", "d": "waiting"}

    end(house, first["a"])
    fan = jobs(house)
    assert set(fan) == {"b", "c"}
    end(house, fan["b"])
    assert jobs(house) == {}
    end(house, fan["c"])
    end(house, jobs(house)["d"])

    assert now(house, begun).status.value == "succeeded"


def test_an_error_skips_the_rest_but_what_cleans_up(house: CatalogHouse) -> None:
    begun = begin(house, *CLUSTER, a_task("report", "work"))
    end(house, jobs(house)["create"])
    end(house, jobs(house)["work"], Outcome.FAILED)

    assert states(house, begun) == {"create": "succeeded", "work": "failed", "delete": "pending", "report": "skipped"}
    assert now(house, begun).is_in_error
    end(house, jobs(house)["delete"])
    assert now(house, begun).status.value == "failed"


def test_a_pipeline_that_is_killed_cleans_up_and_is_killed_then(house: CatalogHouse) -> None:
    begun = begin(house, *CLUSTER)
    end(house, jobs(house)["create"])
    work = jobs(house)["work"]

    killed = kill_pipeline(house.ports, KillPipeline(origin=an_origin(WRITER), id=begun.view.run.id))
    house.work_off()
    again = kill_pipeline(house.ports, KillPipeline(origin=an_origin(WRITER), id=begun.view.run.id))

    assert (killed.status.value, again.status.value) == ("killing", "killing")
    assert house.jobs.job(work.job.id).cancel
    end(house, work, Outcome.CANCELLED)
    end(house, jobs(house)["delete"])
    assert states(house, begun) == {"create": "succeeded", "work": "killed", "delete": "succeeded"}
    assert [
        one.status.value for one in list_tasks(house.ports, TasksQuery(by=READER)).items if one.job == work.job.id
    ] == ["killed"]
    assert now(house, begun).status.value == "killed"
    with pytest.raises(Conflict):
        kill_pipeline(house.ports, KillPipeline(origin=an_origin(WRITER), id=begun.view.run.id))


def test_a_kill_may_leave_the_cleaning_up(house: CatalogHouse) -> None:
    begun = begin(house, *CLUSTER)
    create = jobs(house)["create"]

    kill_pipeline(house.ports, KillPipeline(origin=an_origin(WRITER), id=begun.view.run.id, cleans_up=False))
    house.work_off()
    end(house, create, Outcome.CANCELLED)

    assert states(house, begun) == {"create": "killed", "work": "skipped", "delete": "skipped"}
    assert now(house, begun).status.value == "killed"


def test_a_retry_goes_on_from_the_task_that_failed(house: CatalogHouse) -> None:
    begun = begin(house, *CLUSTER)
    end(house, jobs(house)["create"])
    end(house, jobs(house)["work"], Outcome.FAILED)
    end(house, jobs(house)["delete"])

    retry_pipeline(house.ports, RetryPipeline(origin=an_origin(WRITER), id=begun.view.run.id))
    house.work_off()

    assert states(house, begun) == {"create": "succeeded", "work": "pending", "delete": "waiting"}
    end(house, jobs(house)["work"])
    end(house, jobs(house)["delete"])
    assert now(house, begun).status.value == "succeeded"


def test_a_task_is_tried_as_often_as_it_says(house: CatalogHouse) -> None:
    begun = begin(house, a_task("a", retries=1))
    end(house, jobs(house)["a"], Outcome.FAILED)
    assert states(house, begun) == {"a": "pending"}
    end(house, jobs(house)["a"])
    assert now(house, begun).status.value == "succeeded"


def test_a_task_has_variables_of_its_own_and_is_a_job(house: CatalogHouse) -> None:
    begun = begin(house, a_task("a", env=[{"name": "A", "value": "of this one"}]), a_task("b"))
    found = {one.job.name: one for one in leases(house)}
    assignment = settled(house, found["cluster-a"], MANIFEST)
    assert dict(assignment.manifest.env) == {"A": "of this one"}

    service = {**MANIFEST, "type": "service", "container-port": 80}
    with pytest.raises(Invalid, match="jobs alone"):
        settled(house, found["cluster-b"], service)
    end(house, found["cluster-b"], Outcome.FAILED)
    assert states(house, begun)["b"] == "failed"


def test_runs_of_one_pipeline_in_a_namespace_go_one_after_another(house: CatalogHouse) -> None:
    first, second = begin(house, a_task("a")), begin(house, a_task("a"))
    assert now(house, second).status.value == "pending"

    end(house, jobs(house)["a"])
    house.pass_time(61)

    assert now(house, first).status.value == "succeeded"
    assert set(jobs(house)) == {"a"}


def test_with_its_namespace_a_pipeline_goes_and_all_that_it_began(house: CatalogHouse) -> None:
    begun = begin(house, a_task("a"), a_task("b", "a"))
    running = jobs(house)["a"]
    removal = RemoveEnvironment(origin=an_origin(ROOT), project="web", name="night")
    assert not remove_environment(house.ports, removal).is_complete
    house.work_off()
    end(house, running, Outcome.CANCELLED)

    # The child owes word to its parent, and gives it after a while.
    house.pass_time(60)
    assert remove_environment(house.ports, removal).is_complete

    assert house.ports.runs.find_run(begun.id) is None
    assert list(house.ports.workloads.every_in("web", "night")) == []
    assert find_task_namespace(house.ports, "night") is None


def test_a_pool_that_nobody_offered_is_refused_by_name(house: CatalogHouse) -> None:
    command = RunTaskPipeline(
        origin=an_origin(WRITER), namespace="night", pool="gpus", configuration={"name": "x", "tasks": [a_task("a")]}
    )
    with pytest.raises(Invalid, match="pool: no runner has offered pool gpus within 7 days: start one with"):
        run_task_pipeline(house.ports, command)
    house.ports.runners.note(Runner(pool="gpus", name="r1", seen_at=house.world.now(), slots=1, executor="process"))

    assert run_task_pipeline(house.ports, command).view.run.phase is Phase.RUNNING


def test_all_defects_of_a_pipeline_are_told_at_once(house: CatalogHouse) -> None:
    command = RunTaskPipeline(origin=an_origin(WRITER), namespace="ni/ght", configuration={"name": "a b", "tasks": []})

    with pytest.raises(Invalid) as refused:
        run_task_pipeline(house.ports, command)

    assert [defect.path for defect in refused.value.defects] == ["namespace", "name", "tasks"]


def test_whoever_has_the_lower_number_has_its_turn_first() -> None:
    house = with_code(CatalogHouse(world=WaitingWorld()))
    begun: list[PipelineView] = []
    second = threading.Thread(target=lambda: begun.append(begin(house, a_task("a"))))

    def others() -> None:
        if second.ident is None:
            second.start()
            second.join(0.3)

    usual = house.ports
    house.ports = replace(usual, numbers=SlowNumbers(usual.numbers, others))  # type: ignore[arg-type]  # a part of it
    begun.insert(0, begin(house, a_task("a")))
    second.join()

    (state,) = house.locks.kept.values()
    assert state.holder is not None
    assert state.holder.run == begun[0].id


def test_whoever_may_not_read_its_project_sees_no_pipeline(house: CatalogHouse) -> None:
    begun = begin(house, a_task("a"))
    stranger = replace(READER, name="eve", roles=frozenset())

    assert [view.view.run.id for view in list_pipelines(house.ports, TasksQuery(by=READER)).items] == [
        begun.view.run.id
    ]
    assert list_pipelines(house.ports, TasksQuery(by=stranger)).items == ()
    assert list_pipelines(house.ports, TasksQuery(by=READER, namespace="day")).items == ()
    for query in (
        PipelineNamed(by=stranger, id=begun.view.run.id),
        PipelineNamed(by=READER, id=begun.view.run.id, namespace="day"),
        PipelineNamed(by=READER, id="nothing"),
    ):
        with pytest.raises(NotFound):
            get_pipeline(house.ports, query)
    with pytest.raises(Forbidden):
        kill_pipeline(house.ports, KillPipeline(origin=an_origin(READER), id=begun.view.run.id))


def test_nothing_is_left_of_a_pipeline_that_is_refused(house: CatalogHouse) -> None:
    with pytest.raises(Invalid) as refused:
        begin(house, a_task("a"), {**a_task("b"), "namespacetask": "hidden/b"})

    assert [(defect.code, defect.path) for defect in refused.value.defects] == [
        ("NO_REPOSITORY", "tasks[1].namespacetask")
    ]
    assert find_task_namespace(house.ports, "night") is None
