"""What a run does of a pipeline of gates: a phase for each stage."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.gated.pipeline import GatedGate, GatedGateType, GatedPipeline, GatedStage
from chalicelib.kernel.definitions.gated.steps import build_steps, steps_of
from chalicelib.kernel.definitions.gated.surroundings import Scope, Surroundings, gate_keys, in_order, stage_key_of
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineGate,
    PipelinePhase,
    PipelineSettings,
    PipelineStep,
    StepType,
)
from chalicelib.kernel.plans.plan import Concurrency, OverriddenBy
from chalicelib.kernel.trains.completion import Completion

ENVIRONMENT_CODE = "EnvironmentCode"
EXTERNAL = "external system"
BUILDING = "build"
"""The key of the phase in which a snapshot is built, before its first stage."""

GATES: Mapping[GatedGateType, GateType] = {
    GatedGateType.APPROVAL: GateType.APPROVAL,
    GatedGateType.SCHEDULED: GateType.SCHEDULE,
    GatedGateType.EXTERNAL_APPROVAL: GateType.EXTERNAL_APPROVAL,
    GatedGateType.TEST: GateType.TEST,
}


def settings_of(pipeline: GatedPipeline, around: Surroundings) -> PipelineSettings:
    """Return the settings of the pipeline as the engine knows them. A younger snapshot supersedes older ones."""
    scope = Scope(pipeline=pipeline, around=around)
    return PipelineSettings(
        phases=(*_building(around), *(_phase(stage, scope) for stage in in_order(pipeline))),
        concurrency=Concurrency.SUPERSEDE,
        timezone=around.timezone,
        overridden_by=OverriddenBy.DECIDERS,
        completion=Completion(deploys_train=False),
    )


def _building(around: Surroundings) -> Iterator[PipelinePhase]:
    """Yield the phase before the stages, if something is to be built."""
    if steps := build_steps(around.carried):
        yield PipelinePhase(key=BUILDING, name="build", apart=True, steps=steps)


def _phase(stage: GatedStage, whole: Scope) -> PipelinePhase:
    scope = replace(whole, around=whole.around.in_stage(stage.environment))
    place = scope.around.environments.get(stage.environment)
    gates = zip(stage.gates, gate_keys(stage), strict=True)
    return PipelinePhase(
        key=stage_key_of(stage.environment),
        name=_stage_name(stage.environment, scope),
        environment=place.name if place is not None else "",
        names={ENVIRONMENT_CODE: place.code} if place is not None else {},
        gates=tuple(_informed(_gate(gate, key, scope), gate, stage, scope) for gate, key in gates),
        steps=steps_of(stage.steps, scope) or (PipelineStep(key="none", name="no step", type=StepType.NOOP),),
    )


def _stage_name(environment: int, scope: Scope) -> str:
    place = scope.around.environments.get(environment)
    return place.title if place is not None else f"environment {environment}"


def _informed(made: PipelineGate, gate: GatedGate, stage: GatedStage, scope: Scope) -> PipelineGate:
    """Return a gate that waits for the tickets that were entered for the stage, if there are any."""
    tickets = scope.around.of_stage(stage.environment).tickets_in(gate.system)
    if gate.type is not GatedGateType.EXTERNAL_APPROVAL or not tickets:
        return made
    first, *others = tickets
    return replace(made, system=first.system, ticket=first.id, tickets=tuple(others))


def _gate(gate: GatedGate, key: str, scope: Scope) -> PipelineGate:
    return PipelineGate(
        key=key,
        name=gate.name,
        type=GATES[gate.type],
        description=gate.description,
        precondition=gate.precondition,
        quorum=gate.quorum if gate.type is GatedGateType.APPROVAL else 1,
        no_self_approval=gate.no_self_approval,
        cron=gate.cron,
        timezone=gate.timezone,
        system=gate.system or EXTERNAL,
        ticket=gate.ticket or gate.name,
        phase=_stage_name(gate.environment, scope) if gate.environment is not None else "",
        qualifier=gate.qualifier,
        value=gate.value,
        decided_by=scope.role(gate.role).decided_by(all_teams=gate.all_groups),
    )
