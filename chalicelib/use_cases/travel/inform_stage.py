"""Keep what people say of a stage for a snapshot before its steps begin, and let its run take that up."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.gated.pipeline import GatedGateType, GatedStage
from chalicelib.kernel.definitions.gated.surroundings import gate_keys, stage_key_of
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.faults import Conflict, Invalid, NotFound, Worded
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.stage_information import StageInformation
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.variables import variable_defects
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.pipeline_versions import active_version
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import renew_plan
from chalicelib.use_cases.trains.find import carried_applications, snapshot_of, train_unhidden
from chalicelib.use_cases.trains.snapshots import snapshot_subject
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

INFORMED = "informed-stage"
BEFORE_STEPS = frozenset({Phase.NEW, Phase.GATES})
"""Phases of a stage execution in which what is said of it still counts for all its steps."""


@frozen
class InformStage:
    """Say anew what is to be known of a stage for a snapshot."""

    origin: Origin
    train: int
    snapshot: int
    information: StageInformation


def inform_stage(ports: Ports, command: InformStage) -> StageInformation:
    """Keep what is said of a stage, in place of what was; the run of the snapshot takes it up.

    Faults: NotFound, Forbidden, Invalid with every defect, Stale; Conflict once the steps of the stage have begun, and
    of tickets about which was decided.
    """
    origin = command.origin
    snapshot = retry_on_conflict(ports, lambda: _inform(ports, command), since=origin.at)
    travel = next(iter(ports.runs.find_runs(snapshot.runs[:1])), None)
    if travel is not None:
        retry_on_conflict(ports, lambda: renew_plan(ports, travel.id, by=origin.by.name), since=origin.at)
    return command.information


def _inform(ports: Ports, command: InformStage) -> Snapshot:
    origin, said = command.origin, command.information
    train = train_unhidden(ports, origin.by, command.train, Level.WRITE)
    snapshot = snapshot_of(ports, train, command.snapshot)
    subject = f"{snapshot_subject(train, snapshot)}/{said.environment}"
    entry = entry_of(origin, AuditAction(act=INFORMED, subject=subject, key=subject, project=train.project))
    if was_done(ports, entry):
        return snapshot
    stage = _stage(ports, train, said.environment)
    if defects := tuple(_defects(ports, train, snapshot, said)):
        raise Invalid(defects)
    _require_open(ports, snapshot, stage, said)
    others = (one for one in snapshot.information if one.environment != said.environment)
    fresh = replace(snapshot, information=(*others, said), informed=snapshot.informed + 1)
    ports.snapshots.save(Changed(train=train, snapshot=fresh), entry)
    return fresh


def _stage(ports: Ports, train: Train, environment: int) -> GatedStage:
    """Return the stage of an environment in the train's pipeline. Faults: NotFound, Conflict."""
    view = active_version(ports, train.gated.pipeline) if train.gated is not None else None
    if view is None:
        raise Conflict(Worded("train {} travels no pipeline of gates", train.id))
    found = next((one for one in view.definition.stages if one.environment == environment), None)
    if found is None:
        raise NotFound(f"no environment {environment} in pipeline {view.pipeline.title}")
    return found


def _defects(ports: Ports, train: Train, snapshot: Snapshot, said: StageInformation) -> Iterator[Defect]:
    known, seen = carried_applications(ports, train, snapshot), set[int]()
    for place, one in enumerate(said.projects):
        path = f"projects[{place}]"
        if one.application not in known:
            yield Defect(f"{path}.projectId", f"project {one.application} is not in the snapshot")
        elif one.application in seen:
            yield Defect(f"{path}.projectId", f"project {one.application} is there twice")
        seen.add(one.application)
        yield from variable_defects(one.inputs, f"{path}.inputs")
    yield from _ticket_defects(said)


def _ticket_defects(said: StageInformation) -> Iterator[Defect]:
    """Yield the tickets of one name in two systems: a decision says the name alone."""
    systems: dict[str, str] = {}
    inner = [(f"projects[{place}].tickets", one.tickets) for place, one in enumerate(said.projects)]
    for path, tickets in (("tickets", said.tickets), *inner):
        for place, ticket in enumerate(tickets):
            if systems.setdefault(ticket.id, ticket.system) != ticket.system:
                yield Defect(f"{path}[{place}].externalId", f"{ticket.id} is of {systems[ticket.id]} already")


def _require_open(ports: Ports, snapshot: Snapshot, stage: GatedStage, said: StageInformation) -> None:
    """Refuse what comes too late for the execution of the stage that is under way. Faults: Conflict."""
    execution = _under_way(ports, snapshot, stage_key_of(stage.environment))
    if execution is None:
        return
    if execution.phase not in BEFORE_STEPS:
        raise Conflict("the steps of the stage have begun: what is said of it comes too late")
    before = (one for one in snapshot.information if one.environment == said.environment)
    known = next(before, StageInformation(environment=said.environment))
    for key, gate in zip(gate_keys(stage), stage.gates, strict=True):
        state = execution.nodes.get(key)
        is_decided = gate.type is GatedGateType.EXTERNAL_APPROVAL and state is not None and state.is_final
        if is_decided and known.tickets_in(gate.system) != said.tickets_in(gate.system):
            raise Conflict(f"gate {gate.name} is decided: its tickets stay as they are")


def _under_way(ports: Ports, snapshot: Snapshot, key: str) -> StageExecution | None:
    """Return the open execution of a stage in any run of a snapshot."""
    latest = [run.latest(key) for run in ports.runs.find_runs(snapshot.runs) if not run.is_final]
    return next((one for one in latest if one is not None and not one.is_final), None)
