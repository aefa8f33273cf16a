"""What a run does of a pipeline of stages: its phases, with the gates and a step for each target."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineGate,
    PipelinePhase,
    PipelineSettings,
    PipelineStep,
    StepType,
)
from chalicelib.kernel.definitions.staged.pipeline import (
    DAYS,
    DeliveryStage,
    DeploymentWindow,
    StageApproval,
    StagedPipeline,
    StageGate,
    Target,
    machines_of,
)
from chalicelib.kernel.plans.plan import Concurrency, Promotion
from chalicelib.kernel.plans.work import Window
from chalicelib.kernel.trains.numbering import folded
from slipway_formats.frozen import frozen

CHECKS = "automatic checks"
"""The system whose word on a check is waited for."""


@frozen
class Names:
    """What the names of a pipeline mean in a project.

    script: the script of a plan; None where a deployment job has the name. shared: the name of an environment of the
    installation by its title in any case; None where there is none. timezone: of windows that say none.
    """

    script: Callable[[str], str | None]
    shared: Callable[[str], str | None]
    timezone: str = "UTC"

    def environment(self, title: str) -> str:
        """The name of an environment; empty for none."""
        return self.shared(title) or title


def settings_of(pipeline: StagedPipeline, names: Names) -> PipelineSettings:
    """The settings of the pipeline as the engine knows them. A stage after one that promotes begins by itself."""
    before = (False, *(stage.promotes for stage in pipeline.stages))
    stages = [replace(stage, variables=_variables(pipeline, stage)) for stage in pipeline.stages]
    phases = tuple(_phase(stage, names, promoted) for stage, promoted in zip(stages, before, strict=False))
    concurrency = Concurrency.SUPERSEDE if pipeline.rejects_older else Concurrency.PARALLEL
    return PipelineSettings(
        phases=phases,
        concurrency=concurrency,
        timezone=names.timezone,
        ordered=pipeline.keeps_order,
        gates_in_order=False,
        completion=pipeline.completion,
    )


def _variables(pipeline: StagedPipeline, stage: DeliveryStage) -> Mapping[str, str]:
    """Return what a stage gives its scripts: its own variables, and those of the pipeline with other names."""
    own = {folded(name) for name in stage.variables}
    return {**{name: text for name, text in pipeline.variables.items() if folded(name) not in own}, **stage.variables}


def _phase(stage: DeliveryStage, names: Names, promoted: bool) -> PipelinePhase:  # noqa: FBT001 - of the stage before
    environments = {target.environment.casefold() for target in stage.targets}
    shared = stage.targets[0].environment if len(environments) == 1 else ""
    return PipelinePhase(
        name=stage.name,
        environment=names.environment(shared) if shared else "",
        exclusive=stage.exclusive,
        promotion=Promotion.AUTOMATIC if promoted else Promotion.MANUAL,
        gates=tuple(_gates(stage.gate)),
        steps=tuple(_steps(stage, names)),
    )


def _gates(gate: StageGate) -> Iterator[PipelineGate]:
    for one in gate.approvals:
        yield _approval(one)
    if gate.windows:
        windows = tuple(map(_window, gate.windows))
        yield PipelineGate(name="deployment window", type=GateType.WINDOW, windows=windows)
    for check in gate.checks:
        yield PipelineGate(name=check, type=GateType.EXTERNAL_APPROVAL, system=CHECKS, ticket=check)


def _window(window: DeploymentWindow) -> Window:
    """Return the crons of a window: in UTC if it says an offset, else in the zone of the pipeline."""
    ends_next_day = window.end <= window.start
    opens = _cron(window.start, window.days, window.offset)
    closes = _cron(window.end, [day + ends_next_day for day in window.days], window.offset)
    return Window(opens=opens, closes=closes, timezone="" if window.offset is None else "UTC")


def _cron(at: time, days: Iterable[int], offset: tzinfo | None) -> str:
    # The first of January 2001 was a Monday.
    moments = [datetime(2001, 1, 1, at.hour, at.minute, at.second, tzinfo=offset) + timedelta(days=day) for day in days]
    if offset is not None:
        moments = [moment.astimezone(UTC) for moment in moments]
    names = ",".join(DAYS[weekday][:3].upper() for weekday in sorted({moment.weekday() for moment in moments}))
    return f"{moments[0].second} {moments[0].minute} {moments[0].hour} ? * {names}"


def _approval(approval: StageApproval) -> PipelineGate:
    return PipelineGate(
        name=approval.user or approval.group,
        type=GateType.APPROVAL,
        description=approval.description,
        user=approval.user,
        team=approval.group,
        quorum=approval.count,
    )


def _steps(stage: DeliveryStage, names: Names) -> Iterator[PipelineStep]:
    """Yield a step for each target, or for each of its machines; a stage without targets does nothing, and succeeds."""
    if not stage.targets:
        yield PipelineStep(name=stage.name, type=StepType.NOOP)
    called: list[str] = []
    each = [(target, machine) for target in stage.targets for machine in machines_of(target)]
    for target, machine in each:
        name = _unlike(called, machine.step_name(target))
        needs = tuple(called[-1:]) if stage.in_sequence else ()
        step = _step(target, names, name, needs)
        for_script = replace(step, variables=stage.variables, server=machine.server, role=machine.role)
        yield for_script if step.type is StepType.SCRIPT else step
        called.append(name)


def _step(target: Target, names: Names, name: str, needs: tuple[str, ...]) -> PipelineStep:
    script, environment = names.script(target.plan), names.environment(target.environment)
    if script is not None:
        return PipelineStep(name=name, type=StepType.SCRIPT, script=script, environment=environment, needs=needs)
    return PipelineStep(name=name, type=StepType.DEPLOY, deployment=target.plan, environment=environment, needs=needs)


def _unlike(called: list[str], name: str) -> str:
    number = sum(one == name or one.startswith(f"{name} #") for one in called)
    return f"{name} #{number + 1}" if number else name
