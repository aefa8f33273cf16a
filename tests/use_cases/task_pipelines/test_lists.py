"""Lists of the Deploy API by pages: whatever their size, together they are the whole list."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.pagination import Slice, Sliced
from chalicelib.use_cases.task_pipelines.lists import NamespacesQuery, list_namespaces, list_pipelines
from chalicelib.use_cases.task_pipelines.run import RunTaskPipeline, run_task_pipeline
from chalicelib.use_cases.workloads.lists import TasksQuery, list_task_pods, list_tasks
from chalicelib.use_cases.workloads.tasks import DeployTask, deploy_task
from slipway_formats.workloads.manifest import WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest
from tests.kernel.workloads.given import a_manifest, a_pod
from tests.use_cases.catalog_ports import READER, WRITER, CatalogHouse, an_origin
from tests.use_cases.task_pipelines.test_run import a_task, with_code
from tests.use_cases.workloads.given import leases, reported

ALL = TasksQuery(by=READER)
LISTS: tuple[tuple[Callable[..., Sliced[Any]], Any], ...] = (
    (list_tasks, ALL),
    (list_tasks, replace(ALL, namespace="Night")),
    (list_task_pods, ALL),
    (list_pipelines, ALL),
    (list_pipelines, replace(ALL, namespace="day")),
    (list_namespaces, NamespacesQuery(by=READER)),
)


@pytest.fixture(scope="module")
def house() -> CatalogHouse:
    """A house with two namespaces, in each three services of three pods and two pipelines."""
    made = with_code(CatalogHouse())
    for namespace in ("night", "day"):
        for number in range(3):
            manifest = written_manifest(replace(a_manifest(WorkloadKind.SERVICE, f"{namespace}{number}"), replicas=3))
            deploy_task(made.ports, DeployTask(origin=an_origin(WRITER), namespace=namespace, configuration=manifest))
            made.work_off()
            (leased,) = leases(made, made.world.secret())
            reported(made, leased, *(replace(a_pod(), name=f"{namespace}{number}-{one}") for one in range(3)))
    for namespace in ("night", "day", "night", "day"):
        configuration = {"name": "cluster", "tasks": [a_task("a")]}
        command = RunTaskPipeline(origin=an_origin(WRITER), namespace=namespace, configuration=configuration)
        run_task_pipeline(made.ports, command)
    return made


@pytest.mark.parametrize(("read", "query"), LISTS)
@pytest.mark.parametrize("size", [1, 2, 4, 100])
def test_the_pages_of_a_list_are_the_whole_list(
    house: CatalogHouse,
    read: Callable[..., Sliced[Any]],
    query: Any,  # noqa: ANN401 - a query of either kind
    size: int,
) -> None:
    whole = read(house.ports, query).items

    pages: list[Sequence[Any]] = []
    after: str | None = ""
    while after is not None:
        page = read(house.ports, replace(query, slice=Slice(size=size, after=after)))
        pages.append(page.items)
        after = page.after

    assert [one for page in pages for one in page] == list(whole)
    assert len(whole) > 1
    assert all(len(page) == size for page in pages[:-1])


def test_a_list_says_how_much_there_is_in_a_namespace(house: CatalogHouse) -> None:
    found = list_namespaces(house.ports, NamespacesQuery(by=READER)).items

    assert [(one.namespace.title, one.tasks, one.pipelines) for one in found] == [("day", 3, 2), ("night", 3, 2)]


@pytest.mark.parametrize("after", ["x", "[]", "null", '["a", 1, "", 0]', '["a", "b", "", -1]', '["a", "b", "", true]'])
def test_a_place_that_no_page_ended_at_is_refused(house: CatalogHouse, after: str) -> None:
    for read, query in LISTS:
        with pytest.raises(Invalid, match="next_token"):
            read(house.ports, replace(query, slice=Slice(size=2, after=after)))
