"""Deployments as BuildMaster knows them: one for each step of a stage that a run of a snapshot has entered.

Of a stage that a run executed several times, the latest counts. Ids: a run has blocks of them, in order of its steps.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.compile_step import environment_of
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PlacedStep,
    StepType,
    placed_steps,
    stage_key,
)
from chalicelib.kernel.engine.phase import BAD, GOOD, Phase
from chalicelib.kernel.engine.run import CONTINUING, Act, ActKind, NodeState, Run, StageExecution
from chalicelib.kernel.explanation.hold import Explanation
from chalicelib.kernel.installation.entries import SharedEnvironment, name_handle
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.trains.numbering import folded
from chalicelib.use_cases.installation.read_once import reading_once
from chalicelib.use_cases.launch.execution_ids import BETWEEN, OF_RUNS
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.explain import ExplainRun, explain_run
from chalicelib.use_cases.runs.read import RunView, whole_views
from chalicelib.use_cases.train_addresses.addresses import Address
from chalicelib.use_cases.train_addresses.train_views import SnapshotFilter, SnapshotView, list_snapshot_views
from slipway_formats.frozen import frozen
from slipway_formats.warning import WARNED

AT_ONCE = 100
"""Runs that are read by one call."""

SYSTEM = "SYSTEM"
RUNNING = frozenset({Phase.RUNNING, Phase.STOPPING})
STOPPING = frozenset({ActKind.CANCELLED, ActKind.ABORTED})
_ENVIRONMENT = re.compile(r" \([^()]*\)( #\d+)?$")


class DeploymentStatus(StrEnum):
    """How far a deployment is."""

    PENDING = "pending"
    EXECUTING = "executing"
    SUCCEEDED = "succeeded"
    WARNED = "warned"
    FAILED = "failed"


@frozen
class DeploymentFilter:
    """Query: deployments by any of these. snapshots: those of which; its status and most are not asked for.

    explains: to whom what holds the runs is told; None if that is not asked for.
    """

    snapshots: SnapshotFilter
    id: int | None = None
    stage: str = ""
    environment: Address | None = None
    status: DeploymentStatus | None = None
    most: int | None = None
    explains: Principal | None = None


@frozen
class Deployment:
    """A deployment of a snapshot. environment: an id, if it is one of the installation. cancelled: by whom.

    explanation: what holds its run, if that was asked for.
    reference: the job or run that does it; empty before.
    """

    id: int
    of: SnapshotView
    run: str
    stage: str
    plan: str | None
    environment: int | None
    environment_title: str | None
    status: DeploymentStatus
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancelled: Act | None
    reference: str
    explanation: Explanation | None = None


def list_deployments(ports: Ports, query: DeploymentFilter) -> Sequence[Deployment]:
    """List deployments, newest first."""
    ports = reading_once(ports)
    found = [one for one in _of(ports, _snapshots(ports, query)) if _fits(query, one)]
    found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    listed = list(islice(found, query.most))
    if query.explains is None:
        return listed
    told = {run: explain_run(ports, ExplainRun(by=query.explains, run=run)) for run in {one.run for one in listed}}
    return [replace(one, explanation=told[one.run]) for one in listed]


def _of(ports: Ports, views: Iterable[SnapshotView]) -> Iterator[Deployment]:
    of = {run: view for view in views for run in view.snapshot.runs}
    wanted = tuple(of)
    for start in range(0, len(wanted), AT_ONCE):
        for seen in whole_views(ports, ports.runs.find_runs(wanted[start : start + AT_ONCE])):
            yield from deployments_in(ports, of[seen.run.id], seen)


def _snapshots(ports: Ports, query: DeploymentFilter) -> Iterable[SnapshotView]:
    """Return the snapshots among whose deployments the others are: one, where an id is asked for."""
    if query.id is None:
        return list_snapshot_views(ports, query.snapshots)
    run = _run_of(ports, query.id)
    line = ports.runs.plan(run.plan).travels if run is not None else None
    if run is None or line is None:
        return ()
    named, found = query.snapshots.snapshot or Address(), replace(query.snapshots, snapshot=Address(id=line.number))
    return [
        view
        for view in list_snapshot_views(ports, found)
        if run.id in view.snapshot.runs
        and named.id in (None, view.snapshot.id)
        and _is_like(named.number, view.snapshot.number)
    ]


def _run_of(ports: Ports, number: int) -> Run | None:
    """Return the run to whose ids a number belongs, if there is one."""
    owner = ports.numbers.find_owner(number)
    is_run = owner is not None and owner.kind == OF_RUNS
    return ports.runs.find_run(owner.id.partition(BETWEEN)[0]) if owner is not None and is_run else None


def deployments_in(ports: Ports, view: SnapshotView, run: RunView, only: str = "") -> Iterator[Deployment]:
    """Yield the deployments of a snapshot in a run. only: to the stage with this key."""
    definition: PipelineDefinition = decode(PipelineDefinition, run.plan.snapshot[DEFINITION])
    place = 0
    for number, phase in enumerate(definition.phases):
        key, steps = stage_key(phase, number), placed_steps(phase)
        execution = next((one for one in reversed(run.executions) if one.stage == key), None)
        if execution is not None and not execution.awaits_promotion and only in ("", key):
            for offset, step in enumerate(steps):
                if step.step.type is not StepType.GROUP:
                    number_of_it = _id(ports, run.run.id, place + offset)
                    of = _Step(view=view, run=run, phase=phase, step=step, execution=execution, id=number_of_it)
                    yield _deployment(ports, of)
        place += len(steps)


def _id(ports: Ports, run: str, place: int) -> int:
    block, offset = divmod(place, BLOCK)
    return ports.numbers.ensure_ids(OF_RUNS, f"{run}{BETWEEN}{block}" if block else run) + offset


@frozen
class _Step:
    view: SnapshotView
    run: RunView
    phase: PipelinePhase
    step: PlacedStep
    execution: StageExecution
    id: int

    @property
    def state(self) -> NodeState | None:
        return self.execution.nodes.get(self.step.key)


def _deployment(ports: Ports, of: _Step) -> Deployment:
    name = environment_of(of.phase, of.step.step)
    environment = ports.installation.find_by(SharedEnvironment, name_handle(name)) if name else None
    state, execution, status = of.state, of.execution, _status(of)
    # What waits for a runner was handed over, but has not started.
    has_started = status is not DeploymentStatus.PENDING
    return Deployment(
        id=of.id,
        of=of.view,
        run=of.run.run.id,
        stage=of.run.plan.by_key[execution.stage].name,
        plan=_plan(of),
        environment=environment.id if environment is not None else None,
        environment_title=environment.title if environment is not None else name or None,
        status=status,
        created_by=_creator(of),
        created_at=execution.began_at,
        started_at=state.started_at if state is not None and has_started else None,
        ended_at=state.ended_at if state is not None else execution.ended_at,
        reference=state.reference if state is not None else "",
        cancelled=_cancelled(of) if _phase(of) is Phase.CANCELLED else None,
    )


def _plan(of: _Step) -> str | None:
    step = of.step.step
    match step.type:
        case StepType.NOOP:
            return None
        case StepType.SCRIPT:
            return _ENVIRONMENT.sub("", step.name) or of.step.key
        case _:
            return step.deployment or step.build or step.pipeline or step.name or str(step.type)


def _phase(of: _Step) -> Phase:
    """Return the phase of the step; that of its stage if the stage ended before the step began."""
    if of.state is not None:
        return of.state.phase
    return of.execution.phase if of.execution.phase in BAD else Phase.NEW


def _status(of: _Step) -> DeploymentStatus:
    phase = _phase(of)
    if phase in GOOD:
        is_warned = of.state is not None and of.state.outputs.get(WARNED) == "true"
        return DeploymentStatus.WARNED if is_warned else DeploymentStatus.SUCCEEDED
    if phase in BAD:
        return DeploymentStatus.FAILED
    return DeploymentStatus.EXECUTING if phase in RUNNING else DeploymentStatus.PENDING


def _creator(of: _Step) -> str:
    """Return who let the stage begin: who promoted it, or deployed again; nobody where it followed by itself."""
    acts = (act for act in reversed(of.run.run.acts) if act.kind in CONTINUING and _is_about(act, of))
    others = of.run.plan.started_by if of.run.plan.redeploys else SYSTEM
    return next((act.by for act in acts), others)


def _cancelled(of: _Step) -> Act | None:
    """Return the act by which the stage, or the whole run, was stopped."""
    acts = (act for act in reversed(of.run.run.acts) if act.kind in STOPPING)
    return next((act for act in acts if act.execution in (0, of.execution.number)), None)


def _is_about(act: Act, of: _Step) -> bool:
    return act.node == of.execution.stage if act.execution == 0 else act.execution == of.execution.number


def _fits(query: DeploymentFilter, one: Deployment) -> bool:
    wanted = query.environment or Address()
    is_there = wanted.id in (None, one.environment) and _is_like(wanted.title, one.environment_title or "")
    is_it = query.id in (None, one.id) and query.status in (None, one.status)
    return is_it and is_there and _is_like(query.stage, one.stage)


def _is_like(wanted: str, held: str) -> bool:
    return not wanted or folded(wanted) == folded(held)
