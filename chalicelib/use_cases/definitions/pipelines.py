"""Pipelines: defining, reading, changing, removing and triggering them."""

from collections.abc import Mapping
from dataclasses import field, replace

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_pipeline import pipeline_defects
from chalicelib.kernel.definitions.definition import ref_of, with_settings
from chalicelib.kernel.definitions.handles import MAX_HANDLES, handles
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineSettings, PipelineTrigger, placed_steps
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Defect, Invalid
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.plans.check import MAX_NODES
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.definitions.check_references import reference_defects
from chalicelib.use_cases.launch.find import pipeline_named
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run


@frozen
class SavePipeline:
    """Define a pipeline, or say anew what it is. triggers: ids of those to keep, empty for each new one."""

    origin: Origin
    project: str
    name: str
    settings: PipelineSettings
    triggers: tuple[str, ...] = ()
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class PipelineNamed:
    """A pipeline of a project."""

    origin: Origin
    project: str
    name: str


@frozen
class TriggerPipeline:
    """Have a pipeline run. inputs: for its preconditions and the like."""

    origin: Origin
    project: str
    name: str
    inputs: Mapping[str, object] = field(default_factory=dict)


def create_pipeline(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    """The new pipeline. Faults: Invalid with every defect, NotFound, Conflict."""
    fresh = PipelineDefinition(
        id=definition_id_for(ask.origin), project=ask.project, name=ask.name, created_at=ask.origin.at
    )
    pipeline = _with(ports, fresh, ask)
    _refuse_defects(ports, pipeline, ask.unreadable, names.pipeline(ask.name))
    return ports.definitions.create(pipeline, _entry(ask, "added-pipeline"))


def update_pipeline(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    """The pipeline as it is now; runs under way go on as they began. Faults: Invalid, NotFound, Stale."""
    return retry_on_conflict(ports, lambda: _save(ports, ask), since=ask.origin.at)


def _save(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    saved = _with(ports, pipeline_named(ports, ask.project, ask.name), ask)
    _refuse_defects(ports, saved, ask.unreadable)
    return ports.definitions.save(saved, _entry(ask, "changed-pipeline"))


def get_pipeline(ports: Ports, ask: PipelineNamed) -> PipelineDefinition:
    """The pipeline. Faults: NotFound."""
    return pipeline_named(ports, ask.project, ask.name)


def remove_pipeline(ports: Ports, ask: PipelineNamed) -> None:
    """The pipeline is there no more; its runs go on and stay. Faults: NotFound, Stale."""
    ports.definitions.remove(ref_of(get_pipeline(ports, ask)), _entry(ask, "removed-pipeline"))


def trigger_pipeline(ports: Ports, ask: TriggerPipeline) -> Run:
    """The run, begun. Faults: NotFound, Conflict when the pipeline is disabled, Invalid."""
    pipeline = pipeline_named(ports, ask.project, ask.name)
    beginning = Beginning(id=run_id_for(ports, ask.origin), by=ask.origin.by.name, inputs=ask.inputs)
    return start_run(ports, plan_pipeline(ports, pipeline, beginning))


def _with(ports: Ports, pipeline: PipelineDefinition, ask: SavePipeline) -> PipelineDefinition:
    return replace(with_settings(pipeline, ask.settings), triggers=_triggers(ports, pipeline, ask.triggers))


def _triggers(ports: Ports, before: PipelineDefinition, wanted: tuple[str, ...]) -> tuple[PipelineTrigger, ...]:
    """A trigger for each id: the one that there is, else a new one with a token of its own."""
    known = {trigger.id: trigger for trigger in before.triggers}
    kept = [known.pop(trigger_id, None) for trigger_id in wanted[: MAX_HANDLES + 1]]
    return tuple(one or PipelineTrigger(id=ports.ids.identifier(), token=ports.ids.secret()) for one in kept)


def _refuse_defects(
    ports: Ports, pipeline: PipelineDefinition, unreadable: UnreadableFields, more: tuple[Defect, ...] = ()
) -> None:
    ask = RunRequest(beginning=Beginning(id=pipeline.id, by=""), number=0, at=ports.clock.now(), secret="")
    found = (*more, *pipeline_defects(pipeline, ask))
    if sum(len(placed_steps(phase)) for phase in pipeline.phases) <= MAX_NODES:
        found = (*found, *reference_defects(ports, pipeline))
    if len(handles(pipeline)) > MAX_HANDLES:
        found = (*found, Defect("triggers", f"more than {MAX_HANDLES} webhooks and awaited endings"))
    if found := unreadable.with_others(found):
        raise Invalid(found)


def _entry(ask: SavePipeline | PipelineNamed, act: str) -> AuditEntry:
    return entry_of(ask.origin, AuditAction(act=act, subject=f"{ask.project}/{ask.name}", project=ask.project))
