"""Pipelines of rafts as projects run them: their targets' scripts and environments found by name."""

from chalicelib.kernel import names
from chalicelib.kernel.definitions.definition import with_settings
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.staged.read import read_staged_pipeline
from chalicelib.kernel.definitions.staged.settings import Names, settings_of
from chalicelib.kernel.installation.entries import (
    Application,
    ItemType,
    RaftItem,
    SharedEnvironment,
    place_handle,
)
from chalicelib.kernel.trains.titles import name_of
from chalicelib.use_cases.installation.raft_items import find_item
from chalicelib.use_cases.ports.bundle import Ports


def find_raft_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition | None:
    """Return the pipeline of a raft that a project means by a name, if there is one.

    It is the application's own, or shared: then it is used with the rights of the project.
    """
    application = ports.installation.find_by(Application, place_handle(project, project))
    item = find_item(ports, application, name, ItemType.PIPELINE)
    return _definition(ports, application, item, project) if item is not None else None


def _definition(ports: Ports, application: Application | None, item: RaftItem, project: str) -> PipelineDefinition:
    fresh = PipelineDefinition(
        id=f"raft-item/{item.id}",
        project=project,
        name=name_of(item.title, names.pipeline, lambda _: False),
        created_at=item.changed_at,
        version=item.version,
    )
    environments = {one.title.casefold(): one.name for one in ports.installation.every(SharedEnvironment)}

    def script(plan: str) -> str | None:
        found = find_item(ports, application, plan, ItemType.SCRIPT, ItemType.PLAN)
        return found.content if found is not None else None

    staged = read_staged_pipeline(item.content, item.title)
    return with_settings(fresh, settings_of(staged, Names(script=script, environments=environments)))
