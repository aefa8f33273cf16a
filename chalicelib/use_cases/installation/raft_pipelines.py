"""Pipelines of rafts as projects run them: their targets' scripts and environments found by name."""

from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineSettings
from chalicelib.kernel.definitions.staged.read import read_staged_pipeline
from chalicelib.kernel.definitions.staged.settings import Names, settings_of
from chalicelib.kernel.installation.entries import (
    Application,
    ItemType,
    RaftItem,
    SharedEnvironment,
    place_handle,
    title_handle,
)
from chalicelib.use_cases.installation.find_items import find_item
from chalicelib.use_cases.ports.bundle import Ports


def find_raft_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition | None:
    """Return the pipeline of a raft that a project means by a name, if there is one.

    It is the application's own, or shared: then it is used with the rights of the project.
    """
    application = ports.installation.find_by(Application, place_handle(project, project))
    item = find_item(ports, application, name, ItemType.PIPELINE)
    if item is None:
        return None
    # Under the name by which it was found: its runs find it by that again.
    fresh = PipelineDefinition(
        id=f"raft-item/{item.id}", project=project, name=name, created_at=item.changed_at, version=item.version
    )
    return with_settings(fresh, _settings(ports, application, item))


def _settings(ports: Ports, application: Application | None, item: RaftItem) -> PipelineSettings:
    def script(plan: str) -> str | None:
        found = find_item(ports, application, plan, ItemType.SCRIPT, ItemType.PLAN)
        return found.content if found is not None else None

    def shared(title: str) -> str | None:
        found = ports.installation.find_by(SharedEnvironment, title_handle(title))
        return found.name if found is not None else None

    staged = read_staged_pipeline(item.content, item.title)
    return settings_of(staged, Names(script=script, shared=shared, timezone=ports.settings.timezone))
