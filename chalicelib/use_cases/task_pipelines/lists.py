"""Lists of task pipelines, also of those that are still loading or were refused; and of namespaces with what they hold.

Whole, or by pages.
"""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.compile_load import FOLLOWED
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.installation.entries import TaskNamespace, title_handle
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.installation.task_namespaces import list_task_namespaces
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import RunView, run_views
from chalicelib.use_cases.task_pipelines.views import PipelineView, loading_view, pipeline_view
from chalicelib.use_cases.workloads.lists import TasksQuery, places_of
from chalicelib.use_cases.workloads.loading import SUFFIX
from chalicelib.use_cases.workloads.walking import Spot, cut, read_size, read_spot
from slipway_formats.frozen import frozen

KINDS = (DefinitionKind.TASK_PIPELINE, DefinitionKind.LOAD)


@frozen
class NamespacesQuery:
    """Query: the namespaces that the caller may read."""

    by: Principal
    slice: Slice = WHOLE


@frozen
class NamespaceView:
    """A namespace, and how many tasks and pipelines there are in it."""

    namespace: TaskNamespace
    tasks: int
    pipelines: int


def list_pipelines(ports: Ports, query: TasksQuery) -> Sliced[PipelineView]:
    """List the pipelines of a namespace, or of all that the caller may read, newest first in each project.

    Faults: Invalid for a place that is none.
    """
    return cut(_pipelines(ports, query), query.slice)


def list_namespaces(ports: Ports, query: NamespacesQuery) -> Sliced[NamespaceView]:
    """List the namespaces that the caller may read, by name. Faults: Invalid for a place that is none."""
    after = read_spot(query.slice.after).place
    known = ((title_handle(one.title), one) for one in list_task_namespaces(ports, query.by))
    found = cut(((Spot(place=handle), one) for handle, one in known if handle > after), query.slice)
    counts = ports.workloads.counts([(one.project, one.environment) for one in found.items])
    views = (
        NamespaceView(namespace=one, tasks=count.workloads, pipelines=count.pipelines)
        for one, count in zip(found.items, counts, strict=True)
    )
    return Sliced(items=tuple(views), after=found.after)


def _pipelines(ports: Ports, query: TasksQuery) -> Iterator[tuple[Spot, PipelineView]]:
    spot, places = read_spot(query.slice.after), places_of(ports, query)
    known = {(place.project, place.environment) for place in places}
    for project in sorted({place.project for place in places}):
        if project < spot.place:
            continue
        page = Page(size=read_size(query.slice), after=(spot.after or None) if project == spot.place else None)
        for view in _views(ports, project, page):
            if (project, view.view.plan.definition.environment) in known:
                yield Spot(place=project, after=view.view.run.id), view


def _views(ports: Ports, project: str, page: Page) -> Iterator[PipelineView]:
    runs = merge(*(_runs(ports, project, kind, page) for kind in KINDS), key=lambda run: run.id, reverse=True)
    while found := list(islice(runs, page.size)):
        # A pipeline that has begun stands for the load that it began with.
        begun = {f"{run.id}{SUFFIX}" for run in ports.runs.find_runs(_awaited(found))}
        for view in run_views(ports, [one for one in found if one.id not in begun]):
            yield from _view(ports, view)


def _view(ports: Ports, view: RunView) -> Iterator[PipelineView]:
    if view.plan.definition.kind is DefinitionKind.TASK_PIPELINE:
        yield pipeline_view(view)
    elif FOLLOWED in view.plan.snapshot:
        yield loading_view(ports, view)


def _awaited(runs: Sequence[Run]) -> list[str]:
    """Return the ids of the pipelines that begin, or have begun, after these loads."""
    return [run.id.removesuffix(SUFFIX) for run in runs if run.id.endswith(SUFFIX)]


def _runs(ports: Ports, project: str, kind: DefinitionKind, page: Page) -> Iterator[Run]:
    after = page.after
    while found := ports.runs.of_project(project, kind, Page(size=page.size, after=after)):
        yield from found
        after = found[-1].id
