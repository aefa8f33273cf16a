"""Lists of the Deploy API: tasks and pods by namespaces that the caller may read. Whole, or by pages."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.installation.entries import TaskNamespace, title_handle
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.installation.task_namespaces import find_task_namespace, list_task_namespaces
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.workloads.views import PodView, WorkloadsIn, WorkloadView, list_pods, views_of
from chalicelib.use_cases.workloads.walking import Spot, cut, read_size, read_spot
from slipway_formats.frozen import frozen
from slipway_formats.workloads.manifest import WorkloadKind

PlacedPod = tuple[TaskNamespace, PodView]


@frozen
class TasksQuery:
    """Query: what is in a namespace, or in those of a project; empty for all that the caller may read.

    kind: workloads of this one alone.
    """

    by: Principal
    namespace: str = ""
    project: str = ""
    kind: WorkloadKind | None = None
    slice: Slice = WHOLE


def list_tasks(ports: Ports, query: TasksQuery) -> Sliced[WorkloadView]:
    """List tasks by namespace, newest first in each. Faults: Invalid for a place that is none."""
    found = cut(_workloads(ports, query), query.slice)
    return Sliced(items=tuple(views_of(ports, found.items)), after=found.after)


def list_task_pods(ports: Ports, query: TasksQuery) -> Sliced[PlacedPod]:
    """List pods by namespace. Faults: Invalid for a place that is none."""
    return cut(_pods(ports, query), query.slice)


def places_of(ports: Ports, query: TasksQuery) -> Sequence[TaskNamespace]:
    """Return the namespaces that a query is about, by name."""
    if not query.namespace:
        return [one for one in list_task_namespaces(ports, query.by) if query.project in ("", one.project)]
    found = find_task_namespace(ports, query.namespace)
    is_there = found is not None and may(query.by, Level.READ, found.project) and query.project in ("", found.project)
    return [found] if found is not None and is_there else []


def workloads_in(ports: Ports, place: TaskNamespace, page: Page) -> Iterator[Workload]:
    """Yield the current workloads of a namespace, newest first. page: how many to read at a time, from where on."""
    after = page.after
    while found := ports.workloads.of_environment(place.project, place.environment, Page(size=page.size, after=after)):
        yield from found
        after = found[-1].id


def _from(ports: Ports, query: TasksQuery, spot: Spot) -> Iterator[tuple[TaskNamespace, Spot]]:
    """Yield the namespaces from a spot on, each with where to begin in it."""
    for place in places_of(ports, query):
        handle = title_handle(place.title)
        if handle >= spot.place:
            yield place, spot if handle == spot.place else Spot(place=handle)


def _workloads(ports: Ports, query: TasksQuery) -> Iterator[tuple[Spot, Workload]]:
    for place, spot in _from(ports, query, read_spot(query.slice.after)):
        page = Page(size=read_size(query.slice), after=spot.after or None)
        for workload in workloads_in(ports, place, page):
            if query.kind in (None, workload.kind):
                yield Spot(place=spot.place, after=workload.id), workload


def _pods(ports: Ports, query: TasksQuery) -> Iterator[tuple[Spot, PlacedPod]]:
    for place, begin in _from(ports, query, read_spot(query.slice.after)):
        before, size = begin.after, read_size(query.slice)
        while found := list_pods(ports, _in(place, Page(size=size, after=before or None))):
            # A run has as many pods as its workload has replicas: a page may end amid them.
            for run, pods in groupby(found, key=lambda one: one.run):
                skip = begin.skip if run == begin.within else 0
                for number, pod in enumerate(pods, 1):
                    if number > skip:
                        yield Spot(place=begin.place, after=before, within=run, skip=number), (place, pod)
                before = run


def _in(place: TaskNamespace, page: Page) -> WorkloadsIn:
    return WorkloadsIn(project=place.project, environment=place.environment, page=page)
