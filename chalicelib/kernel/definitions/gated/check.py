"""Every defect of a pipeline of gates, by its place in the document: `stages[0].gates[1].cronExpression`."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import assert_never

from chalicelib.kernel.definitions.gated.pipeline import (
    OF_ONE_PROJECT,
    GatedGate,
    GatedGateType,
    GatedPipeline,
    GatedStage,
    GatedStep,
    GatedStepType,
)
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import condition, quartz
from chalicelib.kernel.plans.check_work import LONGEST_MESSAGE, LONGEST_SUBJECT
from chalicelib.kernel.plans.work import Qualifier
from chalicelib.kernel.trains.role import PipelineRole
from slipway_formats.defect import Defect

MOST_STAGES = 100
MOST_NODES = 300
"""Gates and steps of a stage."""

MOST_ROLES = 100
MOST_MEMBERS = 1000
LONGEST_NAME = 200


def pipeline_defects(pipeline: GatedPipeline, now: datetime) -> Iterator[Defect]:
    """Yield the defects that can be found without looking up an id."""
    if not 1 <= len(pipeline.stages) <= MOST_STAGES:
        yield Defect("stages", f"should be from 1 to {MOST_STAGES}")
    yield from role_defects(pipeline.roles)
    before: list[int] = []
    for place, stage in enumerate(pipeline.stages[:MOST_STAGES]):
        path = f"stages[{place}]"
        if stage.environment and stage.environment in before:
            yield Defect(f"{path}.environmentId", f"environment {stage.environment} has a stage already")
        earlier = {one.environment for one in pipeline.stages if one.order < stage.order}
        yield from (defect.under(path) for defect in _stage_defects(pipeline, stage, earlier, now))
        before.append(stage.environment)


def role_defects(roles: Sequence[PipelineRole]) -> Iterator[Defect]:
    """Yield the defects of the roles of a pipeline or train."""
    if len(roles) > MOST_ROLES:
        yield Defect("roles", f"are over {MOST_ROLES}")
    for place, role in enumerate(roles[:MOST_ROLES]):
        path = f"roles[{place}]"
        if not role.name:
            yield Defect(f"{path}.roleName", "is required")
        elif role.name in {one.name for one in roles[:place]}:
            yield Defect(f"{path}.roleName", f"role {role.name[:64]} is there twice")
        yield from _name_defects(role.name, f"{path}.roleName")
        for name, members in (("users", role.users), ("groups", role.groups), ("emails", role.emails)):
            if len(members) > MOST_MEMBERS:
                yield Defect(f"{path}.{name}", f"are over {MOST_MEMBERS}")
        for number, email in enumerate(role.emails[:MOST_MEMBERS]):
            if not is_address(email):
                yield Defect(f"{path}.emails[{number}]", "should be a mail address")


def reference_defects(
    pipeline: GatedPipeline, has_environment: Callable[[int], bool], has_project: Callable[[int], bool]
) -> Iterator[Defect]:
    """Yield the places of environments and projects that are not there."""
    for place, stage in enumerate(pipeline.stages):
        if not has_environment(stage.environment):
            yield Defect(f"stages[{place}].environmentId", f"no environment {stage.environment}")
        for path, step in placed(stage.steps):
            if step.project is not None and not has_project(step.project):
                yield Defect(f"stages[{place}].{path}.projectId", f"no project {step.project}")


def placed(steps: Sequence[GatedStep], prefix: str = "") -> Iterator[tuple[str, GatedStep]]:
    """Yield steps with those of their groups, each with its place: `steps[1].steps[0]`."""
    for number, step in enumerate(steps):
        path = f"{prefix}steps[{number}]"
        yield path, step
        yield from placed(step.steps, f"{path}.")


def is_address(text: str) -> bool:
    """Return True if a text can be a mail address."""
    name, at, host = text.rpartition("@")
    is_plain = text.isprintable() and not any(letter in text for letter in ' ,;<>"\\')
    return bool(name and at and host) and len(text) <= 254 and is_plain


def _stage_defects(pipeline: GatedPipeline, stage: GatedStage, earlier: set[int], now: datetime) -> Iterator[Defect]:
    roles = {role.name for role in pipeline.roles}
    for place, gate in enumerate(stage.gates):
        yield from (defect.under(f"gates[{place}]") for defect in _gate_defects(gate, roles, earlier, now))
    steps = list(placed(stage.steps))
    if len(stage.gates) + len(steps) > MOST_NODES:
        yield Defect("steps", f"are over {MOST_NODES} with the gates")
    for path, step in steps[:MOST_NODES]:
        yield from (defect.under(path) for defect in _step_defects(step, roles, now))


def _gate_defects(gate: GatedGate, roles: set[str], earlier: set[int], now: datetime) -> Iterator[Defect]:
    yield from _name_defects(gate.name, "gateName")
    yield from _condition_defects(gate.precondition)
    if gate.role and gate.role not in roles:
        yield Defect("roleName", f"no role {gate.role[:64]} in the pipeline")
    match gate.type:
        case GatedGateType.SCHEDULED:
            yield from cron_defects(gate.cron, gate.timezone, now)
        case GatedGateType.TEST:
            yield from _test_defects(gate, earlier)
        case GatedGateType.APPROVAL | GatedGateType.EXTERNAL_APPROVAL:
            pass
        case _:
            assert_never(gate.type)


def _test_defects(gate: GatedGate, earlier: set[int]) -> Iterator[Defect]:
    if gate.environment is None:
        yield Defect("environmentId", "is required")
    elif gate.environment not in earlier:
        yield Defect("environmentId", f"no earlier stage has environment {gate.environment}")
    most = 100 if gate.qualifier is Qualifier.PERCENT_PASSED_AT_LEAST else float("inf")
    if not 0 <= gate.value <= most:
        yield Defect("value", "should be from 0 to 100" if most == 100 else "should be 0 or more")


def _step_defects(step: GatedStep, roles: set[str], now: datetime) -> Iterator[Defect]:
    yield from _name_defects(step.name, "stepName")
    yield from _condition_defects(step.precondition)
    if step.role and step.role not in roles:
        yield Defect("roleName", f"no role {step.role[:64]} in the pipeline")
    for place, role in enumerate(step.roles):
        if role not in roles:
            yield Defect(f"roles[{place}]", f"no role {role[:64]} in the pipeline")
    if step.order <= 0:
        yield Defect("stepOrder", "should be over 0")
    if step.type in OF_ONE_PROJECT and step.project is None:
        yield Defect("projectId", "is required")
    yield from _group_defects(step)
    yield from _own_defects(step, now)


def _own_defects(step: GatedStep, now: datetime) -> Iterator[Defect]:
    """Yield what a type alone asks for."""
    if step.type is GatedStepType.SCHEDULED:
        yield from cron_defects(step.cron, step.timezone, now)
    if step.type is GatedStepType.WAIT and (step.seconds is None) == (step.until is None):
        yield Defect("waitDuration", "exactly one of waitDuration and waitUntilDate is needed")
    if step.type is GatedStepType.NOTIFICATION:
        if not step.subject.strip():
            yield Defect("subject", "is required")
        if not (step.role or step.roles):
            yield Defect("roleName", "is required")
        for name, text, most in (
            ("subject", step.subject, LONGEST_SUBJECT),
            ("message", step.message, LONGEST_MESSAGE),
        ):
            if len(text) > most:
                yield Defect(name, f"is over {most} characters")


def _group_defects(step: GatedStep) -> Iterator[Defect]:
    if step.type is GatedStepType.GROUP and not step.steps:
        yield Defect("steps", "a group needs at least one step")
    if step.type is not GatedStepType.GROUP and step.steps:
        yield Defect("steps", "only a group has steps")
    if step.type is GatedStepType.GROUP and step.order != int(step.order):
        yield Defect("stepOrder", "of a group should be a whole number")
    for place, inner in enumerate(step.steps):
        if inner.type is GatedStepType.GROUP:
            yield Defect(f"steps[{place}].stepType", "a group has no groups")


def cron_defects(cron: str, timezone: str, now: datetime) -> Iterator[Defect]:
    """Yield the defects of a Quartz cron and its zone, where the document writes them."""
    schedule = zone = None
    if not cron.strip():
        yield Defect("cronExpression", "is required")
    else:
        try:
            schedule = quartz.parse(cron)
        except Invalid as fault:
            yield from (defect.under("cronExpression") for defect in fault.defects)
    try:
        zone = quartz.zone_named(timezone or "UTC")
    except Invalid as fault:
        yield from (defect.under("timezone") for defect in fault.defects)
    if schedule is not None and zone is not None and quartz.next_after(schedule, now, zone) is None:
        yield Defect("cronExpression", "never fires again")


def _condition_defects(text: str) -> Iterator[Defect]:
    if text:
        yield from (defect.under("precondition") for defect in condition.check(text))


def _name_defects(name: str, path: str) -> Iterator[Defect]:
    if len(name) > LONGEST_NAME:
        yield Defect(path, f"is over {LONGEST_NAME} characters")
