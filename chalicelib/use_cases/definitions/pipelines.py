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
from chalicelib.kernel.definitions.pushed import pattern_defects
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.trial import trial_request
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.plans.check import MAX_NODES
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.definitions.check_references import reference_defects
from chalicelib.use_cases.definitions.gate_warnings import gate_defects
from chalicelib.use_cases.definitions.pipeline_secrets import (
    secrets_of,
    step_secret_defects,
    with_hidden_secrets,
    with_kept_secrets,
)
from chalicelib.use_cases.launch.find import pipeline_named
from chalicelib.use_cases.launch.in_turn import in_turn
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.raft_pipelines import find_raft_pipeline
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

NO_DETAILS: Mapping[str, str] = {}


@frozen
class WantedTrigger:
    """A trigger that a pipeline is to have. id: of the one that is meant; without it, the next that nobody names.

    rotates: give it a new token, and so its webhook another address.
    """

    id: str = ""
    branches: tuple[str, ...] = ()
    rotates: bool = False


@frozen
class SavePipeline:
    """Create a pipeline or replace its settings. triggers: all that it is to have; those that it has are kept for them.

    says_protected: the settings contain `protected`; else it is left unchanged.
    """

    origin: Origin
    project: str
    name: str
    settings: PipelineSettings
    triggers: tuple[WantedTrigger, ...] = ()
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


def create_pipeline(ports: Ports, command: SavePipeline) -> PipelineDefinition:
    """Create a pipeline. Faults: Invalid with every defect, NotFound, Conflict."""
    fresh = _fresh(command)
    pipeline = _with(ports, fresh, command)
    _refuse_defects(ports, pipeline, command, (*names.pipeline(command.name), *step_secret_defects(fresh, pipeline)))
    entry = _entry(command, "added-pipeline")
    known = ports.definitions.find_definition(ref_of(fresh))
    if isinstance(known, PipelineDefinition):
        return _created_before(ports, known, entry)
    return ports.definitions.create(with_kept_secrets(ports, fresh, pipeline), entry)


def check_pipeline(ports: Ports, command: SavePipeline) -> PipelineDefinition:
    """Return the pipeline as it would be saved, by whichever of the other two is due, and store nothing.

    Faults: Invalid with every defect, Forbidden, as of update_pipeline.
    """
    known = ports.definitions.find_definition(ref_of(_fresh(command)))
    before = known if isinstance(known, PipelineDefinition) else _fresh(command)
    checked = _with(ports, before, command)
    _refuse_defects(ports, checked, command, (*names.pipeline(command.name), *step_secret_defects(before, checked)))
    if known is not None:
        _check_owner(command, before=before, after=checked)
    return with_hidden_secrets(before, checked)


def _fresh(command: SavePipeline) -> PipelineDefinition:
    return PipelineDefinition(
        id=definition_id_for(command.origin), project=command.project, name=command.name, created_at=command.origin.at
    )


def update_pipeline(ports: Ports, command: SavePipeline) -> PipelineDefinition:
    """Replace a pipeline's settings and return it; runs in progress keep their plan.

    Faults: Invalid, NotFound, Stale; Forbidden if it is protected and a caller who is no owner changes its gates;
    Conflict if it stands in a raft.
    """
    return retry_on_conflict(ports, lambda: _save(ports, command), since=command.origin.at)


def _save(ports: Ports, command: SavePipeline) -> PipelineDefinition:
    before = _own_pipeline(ports, command.project, command.name)
    saved = _with(ports, before, command)
    _refuse_defects(ports, saved, command, tuple(step_secret_defects(before, saved)))
    _check_owner(command, before=before, after=saved)
    saved = with_kept_secrets(ports, before, saved)
    delete_secrets(ports, _dropped(before, saved))
    return ports.definitions.save(saved, _entry(command, "changed-pipeline", guard_difference(before, saved)))


def _dropped(before: PipelineDefinition, after: PipelineDefinition) -> Iterator[str]:
    """Return the secrets of webhooks that no longer exist."""
    kept = {one.id for one in after.triggers}
    return (one.secret.kept for one in before.triggers if one.secret is not None and one.id not in kept)


def get_pipeline(ports: Ports, query: PipelineNamed) -> PipelineDefinition:
    """Return the pipeline. Faults: NotFound."""
    return pipeline_named(ports, query.project, query.name)


def remove_pipeline(ports: Ports, command: PipelineNamed) -> None:
    """Remove a pipeline and its secrets; its runs continue and stay. Faults: as of update_pipeline."""
    pipeline = _own_pipeline(ports, command.project, command.name)
    _check_owner(command, before=pipeline, after=None)
    delete_secrets(ports, (one.secret.kept for one in pipeline.triggers if one.secret is not None))
    delete_secrets(ports, secrets_of(pipeline))
    ports.definitions.remove(ref_of(pipeline), _entry(command, "removed-pipeline"))


def trigger_pipeline(ports: Ports, command: TriggerPipeline) -> Run:
    """Start a run of the pipeline. Faults: NotFound, Conflict if it is disabled or stands in a raft, Invalid."""
    pipeline = _own_pipeline(ports, command.project, command.name)
    by = command.origin.by
    beginning = Beginning(
        id=run_id_for(ports, command.origin), by=by.name, inputs=command.inputs, begun_by=begun_by(ports, by)
    )

    def begin() -> Run:
        return start_run(ports, plan_pipeline(ports, pipeline, beginning), origin=command.origin)

    return in_turn(ports, pipeline, begin)


def _own_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition:
    """Return the pipeline that the project itself defines.

    Faults: NotFound; Conflict for one that stands in a raft, where it is changed, and whose runs are a snapshot's.
    """
    try:
        return pipeline_named(ports, project, name)
    except NotFound:
        if find_raft_pipeline(ports, project, name) is None:
            raise
    raise Conflict(f"pipeline {name} of {project} stands in a raft: it is changed there, and run by deploying")


def _created_before(ports: Ports, known: PipelineDefinition, entry: AuditEntry) -> PipelineDefinition:
    """The one of that name, if this ask made it: one that is refused must not reach the secrets of another's."""
    if not was_done(ports, entry):
        raise Conflict(f"{title(ref_of(known))} exists already")
    return known


def _with(ports: Ports, pipeline: PipelineDefinition, command: SavePipeline) -> PipelineDefinition:
    changed = replace(
        with_settings(pipeline, command.settings),
        triggers=_triggers(ports, pipeline, command.triggers),
        acts_for=actor_of(command.origin.by, command.origin.at),
    )
    return changed if command.says_protected else replace(changed, protected=pipeline.protected)


def _triggers(
    ports: Ports, before: PipelineDefinition, wanted: tuple[WantedTrigger, ...]
) -> tuple[PipelineTrigger, ...]:
    """Return a trigger for each wanted one: the existing one of its id, else the next of those left, else a new one."""
    wanted = wanted[: MAX_HANDLES + 1]
    ids = {one.id for one in wanted}
    known = {trigger.id: trigger for trigger in before.triggers}
    left = iter([trigger for trigger in before.triggers if trigger.id not in ids])
    return tuple(_trigger(ports, one, known.pop(one.id, None) or next(left, None)) for one in wanted)


def _trigger(ports: Ports, wanted: WantedTrigger, known: PipelineTrigger | None) -> PipelineTrigger:
    if known is None:
        known = PipelineTrigger(id=ports.ids.identifier(), token=ports.ids.secret())
    elif wanted.rotates:
        known = replace(known, token=ports.ids.secret())
    return replace(known, branches=wanted.branches)


def _check_owner(
    command: SavePipeline | PipelineNamed, *, before: PipelineDefinition, after: PipelineDefinition | None
) -> None:
    """Require an owner to change what guards a protected pipeline, or to remove it. Faults: Forbidden."""
    is_protected = before.protected or (after is not None and after.protected)
    if not is_protected or (after is not None and not guard_difference(before, after)):
        return
    if not may(command.origin.by, Level.OWNER, command.project):
        raise Forbidden(
            f"pipeline {command.name} is protected: its gates and order are for owners of {command.project}"
        )


def _refuse_defects(
    ports: Ports, pipeline: PipelineDefinition, command: SavePipeline, more: tuple[Defect, ...] = ()
) -> None:
    branches = enumerate(one.branches for one in pipeline.triggers)
    odd = (defect for place, names in branches for defect in pattern_defects(names, f"triggers[{place}].branches"))
    of_runs = pipeline_defects(pipeline, trial_request(pipeline.id, ports.clock.now()))
    found = (*more, *of_runs, *odd, *gate_defects(ports, pipeline))
    if sum(len(placed_steps(phase)) for phase in pipeline.phases) <= MAX_NODES:
        found = (*found, *reference_defects(ports, pipeline, command.origin.by))
    if len(handles(pipeline)) > MAX_HANDLES:
        found = (*found, Defect("triggers", f"more than {MAX_HANDLES} webhooks and awaited endings"))
    if found := command.unreadable.with_others(found):
        raise Invalid(found)


def _entry(command: SavePipeline | PipelineNamed, act: str, details: Mapping[str, str] = NO_DETAILS) -> AuditEntry:
    subject = f"{command.project}/{command.name}"
    return entry_of(command.origin, AuditAction(act=act, subject=subject, project=command.project, details=details))
