"""Read definitions and triggers of pipelines, and show pipelines. Their executions: executions/words_pipelines.py."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta

from chalicelib.dialects.state.pipelines import shapes
from chalicelib.dialects.state.words import other_name, said, shown_instant, status_of
from chalicelib.http.read_in_part import Neutral
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.access.principal import Principal, level_in, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineDefinition,
    PipelineGate,
    PipelinePhase,
    PipelineSettings,
    PipelineStep,
    PipelineTrigger,
    StepType,
)
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.partial_read import UnreadableFields
from chalicelib.kernel.plans.work import VersionRule, Window
from chalicelib.kernel.secret_inputs import shown as shown_inputs
from chalicelib.use_cases.definitions.lists import DefinitionsIn, Listed
from chalicelib.use_cases.definitions.pipelines import PipelineNamed, SavePipeline, TriggerPipeline, WantedTrigger
from slipway_formats.secret_address import shown as shown_address

POOL = "default"
NEUTRAL: Neutral = {"steps": {"type": StepType.NOOP}, "gates": {"type": GateType.APPROVAL}}
"""Types to use in place of unreadable ones, so that all other defects can be reported too."""

GATE_TEXTS = ("name", "description", "precondition", "team", "user", "cron", "system", "ticket", "phase")
# The kernel's record has the field names of the JSON; its annotations are strings (from __future__).
# What other dialects alone give a step, and webhook_secret, are internal.
OTHER_TEXTS = ("pool", "webhook_secret", "server", "role", "key", "description", "timezone")
STEP_TEXTS = tuple(one.name for one in fields(PipelineStep) if one.type == "str" and one.name not in OTHER_TEXTS)
STEP_FLAGS = tuple(
    field.name for field in fields(PipelineStep) if field.type == "bool" and field.name != "reports_tests"
)
ADDED_TEXTS = ("cron", "message", "precondition", "script", "subject")
SEED_TEXTS = tuple(name for name in STEP_TEXTS if name not in ADDED_TEXTS)
SEED_FLAGS = tuple(name for name in STEP_FLAGS if name not in ("api_token", "no_network", "run_on_failure"))


def read_pipeline(request: Request) -> PipelineNamed:
    """Read which pipeline is requested."""
    return PipelineNamed(
        origin=request.origin, project=request.parameters["project"], name=request.parameters["pipeline"]
    )


def read_new_pipeline(request: Request) -> SavePipeline:
    """Read a pipeline to define. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.PipelineBody, NEUTRAL)
    return _save(request, body, body.name, unreadable)


def read_save_pipeline(request: Request) -> SavePipeline:
    """Read the new settings of a pipeline. Faults: Invalid."""
    name = request.parameters["pipeline"]
    body, unreadable = request.body_in_part(shapes.PipelineBody, NEUTRAL)
    return _save(request, body, name, other_name(unreadable, body.name, name))


def read_trigger(request: Request) -> TriggerPipeline:
    """Read a command to run a pipeline. Faults: Invalid."""
    body = request.optional_body(shapes.TriggerPipelineBody)
    return TriggerPipeline(
        origin=request.origin,
        project=request.parameters["project"],
        name=request.parameters["pipeline"],
        inputs=body.inputs or {},
    )


def read_pipelines(request: Request) -> DefinitionsIn:
    """Read where to list pipelines: in a project, or everywhere the caller may read."""
    return DefinitionsIn(by=request.asker, project=request.parameters.get("project", ""))


def read_nothing(_: Request) -> None:
    """Read a request without parameters."""


def show_schema(schema: Mapping[str, Json]) -> Reply:
    """Show the JSON Schema of a pipeline."""
    return json_reply(schema)


def show_pipeline(listed: Listed[PipelineDefinition]) -> Reply:
    """Show a pipeline."""
    odd: list[Json] = [{"path": one.path, "message": one.message} for one in listed.warnings]
    shown = shown_pipeline(listed.definition, listed.by, listed.phase)
    return json_reply({**shown, **({"warnings": odd} if odd else {})})


def show_pipelines(listed: Sequence[Listed[PipelineDefinition]]) -> Reply:
    """Show the pipelines of a project by name."""
    return json_reply(_by_name(listed))


def show_all_pipelines(listed: Sequence[Listed[PipelineDefinition]]) -> Reply:
    """Show pipelines by project and name."""
    names = dict.fromkeys(one.definition.project for one in listed)
    return json_reply({name: _by_name([one for one in listed if one.definition.project == name]) for name in names})


def shown_pipeline(pipeline: PipelineDefinition, by: Principal, phase: Phase | None) -> dict[str, Json]:
    """Return a pipeline as JSON. Only writers see the tokens of its webhooks."""
    level = level_in(by, pipeline.project)
    is_writer = may(by, Level.WRITE, pipeline.project)
    triggers: list[Json] = [_shown_trigger(one, is_writer=is_writer) for one in pipeline.triggers]
    return {
        "name": pipeline.name,
        "project": pipeline.project,
        "disabled": pipeline.disabled,
        "permission": level.value if level is not None else None,
        "phases": [shown_phase(one) for one in pipeline.phases],
        "service_account_name": pipeline.service_account_name,
        "status": status_of(phase),
        "triggers": triggers,
        "concurrency": pipeline.concurrency.value,
        "timezone": pipeline.timezone,
        **({"protected": True} if pipeline.protected else {}),
        **({"raft": True} if pipeline.is_of_raft else {}),
        **({} if pipeline.skip_ci else {"skip_ci": False}),
    }


def _shown_trigger(trigger: PipelineTrigger, *, is_writer: bool) -> Json:
    branches: dict[str, Json] = {"branches": list(trigger.branches)} if trigger.branches else {}
    token: dict[str, Json] = {"webhooktoken": trigger.token} if is_writer else {}
    return {"id": trigger.id, "type": trigger.type, **branches, **token}


def shown_phase(phase: PipelinePhase) -> dict[str, Json]:
    """Return a phase as JSON."""
    added: dict[str, Json] = {"environment": phase.environment, "exclusive": phase.exclusive}
    return {
        "name": phase.name,
        "status": status_of(None),
        "steps": [shown_step(step) for step in phase.steps],
        **said(added),
        **({"gates": [shown_gate(gate) for gate in phase.gates]} if phase.gates else {}),
        "promotion": phase.promotion.value,
    }


def shown_gate(gate: PipelineGate) -> dict[str, Json]:
    """Return a gate as JSON: its type and the fields that are set."""
    texts: dict[str, Json] = {name: getattr(gate, name) for name in GATE_TEXTS}
    added: dict[str, Json] = {
        "quorum": gate.quorum if gate.quorum != 1 else None,
        "no_self_approval": gate.no_self_approval,
        "expires_after": _whole(gate.expires_after),
        "windows": [{"opens": one.opens, "closes": one.closes} for one in gate.windows] or None,
    }
    test: dict[str, Json] = {"qualifier": gate.qualifier.value, "value": gate.value} if gate.phase else {}
    shown: dict[str, Json] = {"name": gate.name, "type": gate.type.value, "status": status_of(None)}
    return {**said(texts), **said(added), **test, **shown}


def shown_step(step: PipelineStep) -> dict[str, Json]:
    """Return a step as JSON: every field of the original, and those of the added fields that are set."""
    added: dict[str, Json] = {
        **{name: getattr(step, name) for name in ADDED_TEXTS},
        "api_token": step.api_token,
        "attempts": step.attempts if step.attempts != 1 else None,
        "backoff": _whole(step.backoff),
        "needs": list(step.needs),
        "no_network": step.no_network,
        "pool": step.pool if step.pool != POOL else None,
        "run_on_failure": step.run_on_failure,
        "seconds": step.seconds,
        "steps": [shown_step(one) for one in step.steps],
        "timeout": _whole(step.timeout),
        "to": list(step.to),
        "until": shown_instant(step.until),
    }
    inputs: dict[str, Json] = shown_inputs(step.errand_inputs, step.errand_secrets)  # type: ignore[assignment]  # they were parsed from JSON
    return {
        "type": step.type.value,
        "status": status_of(None),
        **{name: getattr(step, name) for name in SEED_TEXTS},
        **{name: getattr(step, name) for name in SEED_FLAGS},
        "errand_inputs": inputs,
        # One that was kept before its secrets were kept apart.
        "webhook_url": shown_address(step.webhook_url, is_called=True),
        "update_version": step.update_version.value,
        "tag_version": step.tag_version.value,
        **({"stop_on_error": False} if step.stop_on_error is False else {}),
        **said(added),
    }


def _save(request: Request, body: shapes.PipelineBody, name: str, unreadable: UnreadableFields) -> SavePipeline:
    settings = PipelineSettings(
        disabled=body.disabled,
        protected=bool(body.protected),
        service_account_name=body.service_account_name,
        phases=tuple(_phase(phase) for phase in body.phases or ()),
        concurrency=body.concurrency,
        timezone=body.timezone or "UTC",
        skip_ci=body.skip_ci,
    )
    return SavePipeline(
        origin=request.origin,
        project=request.parameters["project"],
        name=name,
        settings=settings,
        triggers=tuple(_trigger(trigger) for trigger in body.triggers or ()),
        says_protected=body.protected is not None,
        unreadable=unreadable,
    )


def _trigger(body: shapes.TriggerShape) -> WantedTrigger:
    return WantedTrigger(id=body.id, branches=tuple(body.branches or ()), rotates=body.rotate)


def _phase(body: shapes.PhaseShape) -> PipelinePhase:
    return PipelinePhase(
        name=body.name,
        environment=body.environment,
        exclusive=body.exclusive,
        promotion=body.promotion,
        gates=tuple(_gate(gate) for gate in body.gates or ()),
        steps=tuple(_step(step) for step in body.steps or ()),
    )


def _gate(body: shapes.GateShape) -> PipelineGate:
    return PipelineGate(
        type=body.type,
        quorum=body.quorum,
        no_self_approval=body.no_self_approval,
        expires_after=_length(body.expires_after),
        qualifier=body.qualifier,
        value=body.value,
        windows=tuple(Window(opens=one.opens, closes=one.closes, timezone="") for one in body.windows or ()),
        **{name: getattr(body, name) for name in GATE_TEXTS},
    )


def _step(body: shapes.StepShape) -> PipelineStep:
    return PipelineStep(
        type=body.type,
        errand_inputs=body.errand_inputs or {},
        update_version=VersionRule(body.update_version or VersionRule.DONT_UPDATE),
        tag_version=VersionRule(body.tag_version or VersionRule.LAST_IN_RUN),
        seconds=body.seconds,
        until=_instant(body.until),
        to=tuple(body.to or ()),
        pool=body.pool or POOL,
        steps=tuple(_step(step) for step in body.steps or ()),
        needs=tuple(body.needs or ()),
        timeout=_length(body.timeout),
        attempts=body.attempts,
        backoff=_length(body.backoff) or timedelta(0),
        stop_on_error=body.stop_on_error,
        **{name: getattr(body, name) for name in (*STEP_TEXTS, *STEP_FLAGS)},
    )


def _instant(at: datetime | None) -> datetime | None:
    # Go writes year 1 for no time.
    return at.astimezone(UTC) if at is not None and at.year > 1 else None


def _length(seconds: int | None) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds is not None else None


def _whole(length: timedelta | None) -> int | None:
    return length // timedelta(seconds=1) if length is not None else None


def _by_name(listed: Sequence[Listed[PipelineDefinition]]) -> Mapping[str, Json]:
    return {one.definition.name: shown_pipeline(one.definition, one.by, one.phase) for one in listed}
