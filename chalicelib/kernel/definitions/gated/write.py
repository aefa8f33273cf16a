"""Pipelines of gates as JSON, in the form in which they are read: read.py. Every key is there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.kernel.definitions.gated.pipeline import GatedGate, GatedPipeline, GatedStage, GatedStep
from chalicelib.kernel.definitions.gated.read import EPOCH, QUALIFIERS
from chalicelib.kernel.trains.role import PipelineRole

Json = Mapping[str, object]


def written_pipeline(pipeline: GatedPipeline) -> Json:
    """Return the document of a pipeline."""
    return {
        "stages": [_stage(stage) for stage in pipeline.stages],
        "roles": written_roles(pipeline.roles),
        "properties": [{"name": name, "value": value} for name, value in pipeline.properties.items()],
        "groups": list(pipeline.groups),
    }


def written_roles(roles: Sequence[PipelineRole]) -> Sequence[Json]:
    """Return the roles of a document."""
    return [
        {"roleName": role.name, "users": list(role.users), "groups": list(role.groups), "emails": list(role.emails)}
        for role in roles
    ]


def plain_number(value: float) -> float:
    """Return a number that is whole without a fraction: 1, 2, 2.1."""
    return int(value) if value == int(value) else value


def milliseconds(instant: datetime | None) -> int | None:
    """Return the milliseconds since 1970 of an instant."""
    return None if instant is None else round((instant - EPOCH).total_seconds() * 1000)


def _stage(stage: GatedStage) -> Json:
    return {
        "environmentId": stage.environment,
        "sortOrder": plain_number(stage.order),
        "gates": [_gate(gate) for gate in stage.gates],
        "steps": [_step(step) for step in stage.steps],
    }


def _gate(gate: GatedGate) -> Json:
    qualifiers = {qualifier: word for word, qualifier in QUALIFIERS.items()}
    return {
        "gateName": gate.name,
        "gateType": gate.type.value,
        "gateDescription": gate.description or None,
        "roleName": gate.role or None,
        "cronExpression": gate.cron or None,
        "timezone": gate.timezone or None,
        "precondition": gate.precondition or None,
        "quorum": gate.quorum,
        "noSelfApproval": gate.no_self_approval,
        "allTasksRequired": gate.all_groups,
        "externalSystemType": gate.system or None,
        "externalId": gate.ticket or None,
        "environmentId": gate.environment,
        "qualifier": qualifiers[gate.qualifier],
        "value": plain_number(gate.value),
    }


def _step(step: GatedStep) -> Json:
    return {
        "stepName": step.name,
        "stepType": step.type.value,
        "stepDescription": step.description or None,
        "stepOrder": plain_number(step.order),
        "roleName": step.role or None,
        "roles": list(step.roles),
        "cronExpression": step.cron or None,
        "timezone": step.timezone or None,
        "waitDuration": step.seconds,
        "waitUntilDate": milliseconds(step.until),
        "projectId": step.project,
        "include": list(step.include),
        "exclude": list(step.exclude),
        "onErrorContinue": step.continues,
        "notifyPipelineRoles": step.notifies,
        "precondition": step.precondition or None,
        "subject": step.subject or None,
        "message": step.message or None,
        "estimatedMinutes": step.minutes,
        "steps": [_step(inner) for inner in step.steps],
    }
