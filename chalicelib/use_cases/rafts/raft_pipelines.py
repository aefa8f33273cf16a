"""Pipelines of rafts as projects run them: their targets' scripts and environments found by name."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.pipeline import RAFT_ITEM, PipelineDefinition, PipelineSettings
from chalicelib.kernel.definitions.staged.read import read_staged_pipeline
from chalicelib.kernel.definitions.staged.settings import Names, settings_of
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.installation.entries import (
    GLOBAL_RAFT,
    Application,
    ItemType,
    RaftItem,
    SharedEnvironment,
    items_prefix,
    place_handle,
    title_handle,
)
from chalicelib.use_cases.installation.find_items import BETWEEN, GLOBAL_PREFIX, find_item, find_raft
from chalicelib.use_cases.ports.bundle import Ports


def find_raft_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition | None:
    """Return the pipeline of a raft that a project means by a name, if there is one.

    It is the application's own, or shared: then it is used with the rights of the project.
    """
    application = _application(ports, project)
    item = find_item(ports, application, name, ItemType.PIPELINE)
    return None if item is None else _definition(ports, project, application, item, is_prefixed=BETWEEN in name)


def own_raft_pipelines(ports: Ports, projects: Sequence[str]) -> Iterator[PipelineDefinition]:
    """Yield the pipelines that the projects' applications have in rafts; shared ones are of the installation alone."""
    for application in _applications(ports, projects):
        yield from _own(ports, application)


def _applications(ports: Ports, projects: Sequence[str]) -> Sequence[Application]:
    """Return the applications by whose names and rafts the projects find pipelines: of many by one look at all."""
    if len(projects) == 1:
        found = _application(ports, projects[0])
        return () if found is None else (found,)
    wanted = set(projects)
    every = ports.installation.every(Application)
    return [one for one in every if one.project in wanted and one.name == one.project]


def _own(ports: Ports, application: Application) -> Iterator[PipelineDefinition]:
    seen = set[str]()
    for raft in dict.fromkeys((application.raft or GLOBAL_RAFT, GLOBAL_RAFT)):
        prefix = items_prefix(raft, application.id, ItemType.PIPELINE)
        for item in ports.installation.with_handles(RaftItem, prefix):
            # One that later rules refuse runs no more, and hides no other.
            with suppress(Invalid):
                if item.title.casefold() not in seen:
                    yield _definition(ports, application.project, application, item)
            seen.add(item.title.casefold())


def _application(ports: Ports, project: str) -> Application | None:
    return ports.installation.find_by(Application, place_handle(project, project))


def _definition(
    ports: Ports, project: str, application: Application | None, item: RaftItem, *, is_prefixed: bool = False
) -> PipelineDefinition:
    # Under one name, however it was written: its runs are counted and found by that.
    name = item.title
    if is_prefixed or item.application is None:
        name = f"{_prefix(ports, item)}{BETWEEN}{item.title}"
    fresh = PipelineDefinition(
        id=f"{RAFT_ITEM}{item.id}", project=project, name=name, created_at=item.changed_at, version=item.version
    )
    return with_settings(fresh, _settings(ports, application, item))


def _prefix(ports: Ports, item: RaftItem) -> str:
    raft = find_raft(ports, item.raft)
    return GLOBAL_PREFIX if raft is None or raft.id == GLOBAL_RAFT else raft.title


def _settings(ports: Ports, application: Application | None, item: RaftItem) -> PipelineSettings:
    def script(plan: str) -> str | None:
        found = find_item(ports, application, plan, ItemType.SCRIPT, ItemType.PLAN)
        return found.content if found is not None else None

    def shared(title: str) -> str | None:
        found = ports.installation.find_by(SharedEnvironment, title_handle(title))
        return found.name if found is not None else None

    staged = read_staged_pipeline(item.content, item.title)
    return settings_of(staged, Names(script=script, shared=shared, timezone=ports.settings.timezone))
