"""What the steps of a stage of gates become: in order, equal ones side by side, those of projects by priority."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import groupby
from typing import assert_never

from chalicelib.kernel.definitions.gated.pipeline import OF_ONE_PROJECT, GatedStep, GatedStepType
from chalicelib.kernel.definitions.gated.surroundings import Carried, Scope, step_keys
from chalicelib.kernel.definitions.pipeline import PipelineStep, ScriptDeployment, StepType
from chalicelib.kernel.plans.work import VersionRule
from chalicelib.kernel.trains.stage_information import Treatment
from slipway_formats.frozen import frozen


class Errand(StrEnum):
    """What is done with a project."""

    DEPLOY = "deploy"
    UTILITY = "utility"
    TEST = "test"


ERRANDS: Mapping[GatedStepType, tuple[Errand, ...]] = {
    GatedStepType.DEPLOY: (Errand.DEPLOY,),
    GatedStepType.DEPLOY_ALL: (Errand.DEPLOY,),
    GatedStepType.UTILITY: (Errand.UTILITY,),
    GatedStepType.UTILITY_ALL: (Errand.UTILITY,),
    GatedStepType.EXECUTE_ALL: (Errand.DEPLOY, Errand.UTILITY),
    GatedStepType.TEST: (Errand.TEST,),
    GatedStepType.TEST_ALL: (Errand.TEST,),
}
"""What the types of a step do with projects."""

OTHERS: Mapping[GatedStepType, StepType] = {
    GatedStepType.MANUAL: StepType.MANUAL_TASK,
    GatedStepType.WAIT: StepType.WAIT,
    GatedStepType.SCHEDULED: StepType.SCHEDULE,
    GatedStepType.NOTIFICATION: StepType.NOTIFY,
    GatedStepType.GROUP: StepType.GROUP,
}
"""The types that do nothing with projects."""


NEVER = "False"
"""The precondition of what is left out."""


@frozen
class _Placed:
    step: GatedStep
    key: str
    needs: tuple[str, ...] = ()


def steps_of(steps: Sequence[GatedStep], scope: Scope) -> tuple[PipelineStep, ...]:
    """Return the steps of a stage: those of an order after all of the order before."""
    made: list[PipelineStep] = []
    before: tuple[str, ...] = ()
    for _, beside in groupby(sorted(_placed(steps), key=_order), key=_order):
        together = [replace(one, needs=before) for one in beside]
        made.extend(one for placed in together for one in _with_mail(placed, scope))
        before = tuple(one.key for one in together)
    return tuple(made)


def _placed(steps: Sequence[GatedStep], group: str = "") -> Sequence[_Placed]:
    return [_Placed(step=step, key=key) for step, key in zip(steps, step_keys(steps, group), strict=True)]


def _order(placed: _Placed) -> float:
    return placed.step.order


def _with_mail(placed: _Placed, scope: Scope) -> Iterator[PipelineStep]:
    """Yield a step, followed by the one that tells everybody in a role of the pipeline of its end, if it does."""
    yield _made(placed, scope)
    if placed.step.notifies:
        yield PipelineStep(
            key=f"{placed.key}-mail",
            name=f"notify of {placed.step.name}",
            type=StepType.NOTIFY,
            subject=f"{placed.step.name} has ended",
            to=scope.addresses([role.name for role in scope.pipeline.roles]),
            needs=(placed.key,),
            run_on_failure=True,
            ignore_failure=True,
        )


def _made(placed: _Placed, scope: Scope) -> PipelineStep:
    step, own = placed.step, _own(placed, scope)
    return replace(
        own,
        key=placed.key,
        name=step.name,
        description=step.description,
        needs=placed.needs,
        precondition=own.precondition or step.precondition,
        ignore_failure=step.continues,
        decided_by=scope.role(step.role).decided_by(),
    )


def _own(placed: _Placed, scope: Scope) -> PipelineStep:
    step = placed.step
    if step.type in OF_ONE_PROJECT:
        return _of_project(step, scope)
    if step.type in ERRANDS:
        return PipelineStep(type=StepType.GROUP, steps=_of_projects(placed, scope))
    inner = [one for inner in _placed(step.steps, placed.key) for one in _with_mail(inner, scope)]
    return PipelineStep(
        type=OTHERS[step.type],
        cron=step.cron,
        timezone=step.timezone,
        seconds=step.seconds,
        until=step.until,
        subject=step.subject,
        message=step.message or (step.description if step.type is GatedStepType.MANUAL else ""),
        to=scope.addresses(step.roles or (step.role,)) if step.type is GatedStepType.NOTIFICATION else (),
        steps=tuple(inner),
    )


def _of_project(step: GatedStep, scope: Scope) -> PipelineStep:
    (errand,) = ERRANDS[step.type]
    carried = next((one for one in scope.around.carried if one.id == step.project), None)
    if carried is None:
        return _impossible(f"project {step.project} is not in the snapshot")
    return _errand(carried, errand) or _impossible(f"{carried.title or carried.project} has no {errand} workflow")


def _of_projects(placed: _Placed, scope: Scope) -> tuple[PipelineStep, ...]:
    """Return what is done with each project: lower priorities first, equal ones side by side."""
    errands = ERRANDS[placed.step.type]
    taken = [one for one in scope.around.carried if _is_included(placed.step, one)]
    made: list[PipelineStep] = []
    before: tuple[str, ...] = ()
    for _, beside in groupby(sorted(taken, key=lambda one: one.priority), key=lambda one: one.priority):
        together = [step for one in beside for errand in errands if (step := _inside(placed, one, errand)) is not None]
        made.extend(replace(step, needs=before) for step in together)
        before = tuple(step.key for step in together) or before
    return tuple(made) or (PipelineStep(key=f"{placed.key}-none", name="no project", type=StepType.NOOP),)


def _inside(placed: _Placed, carried: Carried, errand: Errand) -> PipelineStep | None:
    made = _errand(carried, errand)
    name = f"{errand} {carried.title or carried.project} {carried.version}".strip()
    return None if made is None else replace(made, key=f"{placed.key}-{errand}-{carried.id}", name=name)


def _is_included(step: GatedStep, carried: Carried) -> bool:
    groups = set(carried.groups)
    if carried.treatment is Treatment.FORCED:
        return True
    return (not step.include or bool(groups & set(step.include))) and not groups & set(step.exclude)


def _errand(carried: Carried, errand: Errand) -> PipelineStep | None:
    """Return the step that does something with a project; None where the project has nothing for it."""
    made = _done(carried, errand)
    return replace(made, precondition=NEVER) if made and carried.treatment is Treatment.SKIPPED else made


def _done(carried: Carried, errand: Errand) -> PipelineStep | None:
    match errand:
        case Errand.DEPLOY if carried.deploy is not None:
            return replace(_script(carried, carried.deploy), deploys=(_deployment(carried),))
        case Errand.DEPLOY:
            job = _job(carried, StepType.DEPLOY)
            return replace(job, update_version=VersionRule.TAGGED, tag_tagged_version=carried.version)
        case Errand.UTILITY:
            return _script(carried, carried.utility) if carried.utility is not None else None
        case Errand.TEST if carried.test is not None:
            return replace(_script(carried, carried.test), reports_tests=True)
        case Errand.TEST:
            return _job(carried, StepType.RUN_SMOKE)
        case _:
            assert_never(errand)


def build_steps(carried: Sequence[Carried]) -> tuple[PipelineStep, ...]:
    """Return the steps that build what a snapshot carries and is not there yet, side by side."""
    return tuple(
        replace(_script(one, one.build), key=f"build-{one.id}", name=f"build {one.title or one.project} {one.version}")
        for one in carried
        if one.build is not None
    )


def _script(carried: Carried, script: str) -> PipelineStep:
    forced = {"FORCE": "true"} if carried.treatment is Treatment.FORCED else {}
    own = {"PROJECT": carried.title or carried.project, "PROJECT_VERSION": carried.version}
    variables = {**carried.inputs, **own, **forced}
    return PipelineStep(type=StepType.SCRIPT, script=script, variables=variables, deploys=())


def _deployment(carried: Carried) -> ScriptDeployment:
    return ScriptDeployment(
        project=carried.project,
        application=carried.application,
        version=carried.state_version,
        number=carried.version,
    )


def _job(carried: Carried, kind: StepType) -> PipelineStep:
    return PipelineStep(
        type=kind, project=carried.project, deployment=carried.application, errand_inputs=carried.inputs
    )


def _impossible(reason: str) -> PipelineStep:
    return PipelineStep(type=StepType.IMPOSSIBLE, message=reason)
