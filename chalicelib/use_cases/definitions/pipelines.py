"""Pipelines: create, read, update, remove and trigger."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from chalicelib.kernel import names
from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_pipeline import pipeline_defects
from chalicelib.kernel.definitions.definition import ref_of, title, with_settings
from chalicelib.kernel.definitions.guard import guard_difference
from chalicelib.kernel.definitions.handles import MAX_HANDLES, handles
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelineSettings, PipelineTrigger, placed_steps
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.plans.check import MAX_NODES
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of, was_done
from chalicelib.use_cases.definitions.check_references import reference_defects
from chalicelib.use_cases.definitions.pipeline_secrets import secrets_of, step_secret_defects, with_kept_secrets
from chalicelib.use_cases.launch.find import pipeline_named
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

NO_DETAILS: Mapping[str, str] = {}


@frozen
class SavePipeline:
    """Create a pipeline or replace its settings. triggers: ids to keep; an empty id for each new one.

    says_protected: the settings contain `protected`; else it is left unchanged.
    """

    origin: Origin
    project: str
    name: str
    settings: PipelineSettings
    triggers: tuple[str, ...] = ()
    says_protected: bool = False
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class PipelineNamed:
    """A pipeline of a project."""

    origin: Origin
    project: str
    name: str


@frozen
class TriggerPipeline:
    """Run a pipeline. inputs: for its preconditions and steps."""

    origin: Origin
    project: str
    name: str
    inputs: Mapping[str, object] = field(default_factory=dict)


def create_pipeline(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    """Create a pipeline. Faults: Invalid with every defect, NotFound, Conflict."""
    fresh = PipelineDefinition(
        id=definition_id_for(ask.origin), project=ask.project, name=ask.name, created_at=ask.origin.at
    )
    pipeline = _with(ports, fresh, ask)
    _refuse_defects(ports, pipeline, ask, (*names.pipeline(ask.name), *step_secret_defects(fresh, pipeline)))
    entry = _entry(ask, "added-pipeline")
    known = ports.definitions.find_definition(ref_of(fresh))
    if isinstance(known, PipelineDefinition):
        return _made_before(ports, known, entry)
    return ports.definitions.create(with_kept_secrets(ports, fresh, pipeline), entry)


def update_pipeline(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    """Replace a pipeline's settings and return it; runs in progress keep their plan.

    Faults: Invalid, NotFound, Stale; Forbidden if it is protected and a caller who is no owner changes its gates.
    """
    return retry_on_conflict(ports, lambda: _save(ports, ask), since=ask.origin.at)


def _save(ports: Ports, ask: SavePipeline) -> PipelineDefinition:
    before = pipeline_named(ports, ask.project, ask.name)
    saved = _with(ports, before, ask)
    _refuse_defects(ports, saved, ask, tuple(step_secret_defects(before, saved)))
    _check_owner(ask, before=before, after=saved)
    saved = with_kept_secrets(ports, before, saved)
    delete_secrets(ports, _dropped(before, saved))
    return ports.definitions.save(saved, _entry(ask, "changed-pipeline", guard_difference(before, saved)))


def _dropped(before: PipelineDefinition, after: PipelineDefinition) -> Iterator[str]:
    """Return the secrets of webhooks that no longer exist."""
    kept = {one.id for one in after.triggers}
    return (one.secret.kept for one in before.triggers if one.secret is not None and one.id not in kept)


def get_pipeline(ports: Ports, ask: PipelineNamed) -> PipelineDefinition:
    """Return the pipeline. Faults: NotFound."""
    return pipeline_named(ports, ask.project, ask.name)


def remove_pipeline(ports: Ports, ask: PipelineNamed) -> None:
    """Remove a pipeline and its secrets; its runs continue and stay. Faults: NotFound, Stale, Forbidden."""
    pipeline = get_pipeline(ports, ask)
    _check_owner(ask, before=pipeline, after=None)
    delete_secrets(ports, (one.secret.kept for one in pipeline.triggers if one.secret is not None))
    delete_secrets(ports, secrets_of(pipeline))
    ports.definitions.remove(ref_of(pipeline), _entry(ask, "removed-pipeline"))


def trigger_pipeline(ports: Ports, ask: TriggerPipeline) -> Run:
    """Start a run of the pipeline. Faults: NotFound, Conflict if the pipeline is disabled, Invalid."""
    pipeline = pipeline_named(ports, ask.project, ask.name)
    by = ask.origin.by
    beginning = Beginning(id=run_id_for(ports, ask.origin), by=by.name, inputs=ask.inputs, begun_by=begun_by(ports, by))
    return start_run(ports, plan_pipeline(ports, pipeline, beginning))


def _made_before(ports: Ports, known: PipelineDefinition, entry: AuditEntry) -> PipelineDefinition:
    """The one of that name, if this ask made it: one that is refused must not reach the secrets of another's."""
    if not was_done(ports, entry):
        raise Conflict(f"{title(ref_of(known))} exists already")
    return known


def _with(ports: Ports, pipeline: PipelineDefinition, ask: SavePipeline) -> PipelineDefinition:
    changed = replace(
        with_settings(pipeline, ask.settings),
        triggers=_triggers(ports, pipeline, ask.triggers),
        acts_for=actor_of(ask.origin.by, ask.origin.at),
    )
    return changed if ask.says_protected else replace(changed, protected=pipeline.protected)


def _triggers(ports: Ports, before: PipelineDefinition, wanted: tuple[str, ...]) -> tuple[PipelineTrigger, ...]:
    """Return a trigger for each id: the existing one, else a new one with its own token."""
    known = {trigger.id: trigger for trigger in before.triggers}
    kept = [known.pop(trigger_id, None) for trigger_id in wanted[: MAX_HANDLES + 1]]
    return tuple(one or PipelineTrigger(id=ports.ids.identifier(), token=ports.ids.secret()) for one in kept)


def _check_owner(
    ask: SavePipeline | PipelineNamed, *, before: PipelineDefinition, after: PipelineDefinition | None
) -> None:
    """Require an owner to change what guards a protected pipeline, or to remove it. Faults: Forbidden."""
    is_protected = before.protected or (after is not None and after.protected)
    if not is_protected or (after is not None and not guard_difference(before, after)):
        return
    if not may(ask.origin.by, Level.OWNER, ask.project):
        raise Forbidden(f"pipeline {ask.name} is protected: its gates and order are for owners of {ask.project}")


def _refuse_defects(
    ports: Ports, pipeline: PipelineDefinition, ask: SavePipeline, more: tuple[Defect, ...] = ()
) -> None:
    probe = RunRequest(beginning=Beginning(id=pipeline.id, by=""), number=0, at=ports.clock.now(), secret="")
    found = (*more, *pipeline_defects(pipeline, probe))
    if sum(len(placed_steps(phase)) for phase in pipeline.phases) <= MAX_NODES:
        found = (*found, *reference_defects(ports, pipeline, ask.origin.by))
    if len(handles(pipeline)) > MAX_HANDLES:
        found = (*found, Defect("triggers", f"more than {MAX_HANDLES} webhooks and awaited endings"))
    if found := ask.unreadable.with_others(found):
        raise Invalid(found)


def _entry(ask: SavePipeline | PipelineNamed, act: str, details: Mapping[str, str] = NO_DETAILS) -> AuditEntry:
    subject = f"{ask.project}/{ask.name}"
    return entry_of(ask.origin, AuditAction(act=act, subject=subject, project=ask.project, details=details))
