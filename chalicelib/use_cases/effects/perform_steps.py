"""Start and stop the work of a node."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chalicelib.kernel.definitions.run_request import child_id
from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.effects import StartStep, StopStep, effect_id, step_id
from chalicelib.kernel.engine.events import CancelRequested, Event, Outcome, StepFinished, StepStarted
from chalicelib.kernel.engine.job import Job, JobPhase
from chalicelib.kernel.engine.people.refusal import find
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import PASSING, Fault, NotFound, TooLarge
from chalicelib.kernel.plans.plan import Node, Parent, Plan
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    ExternalApproval,
    Group,
    Impossible,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    Wait,
    Windows,
)
from chalicelib.kernel.plans.work import Job as JobWork
from chalicelib.use_cases.effects.offer_job import offer_job
from chalicelib.use_cases.effects.update_job import update_job
from chalicelib.use_cases.outgoing_slots import MAIL, system_at
from chalicelib.use_cases.ports.bundle import Ports

Step = StartStep | StopStep


def start_step(ports: Ports, plan: Plan, run: Run, effect: StartStep) -> Sequence[Event]:
    """Start the work: create a job for a runner, enqueue an external call, start a child run, or do it here."""
    node = _node(plan, run, effect)
    match node.work:
        case Noop():
            return (_finish(effect, ports.clock.now(), Outcome.SUCCEEDED),)
        case Impossible():
            return (_finish(effect, ports.clock.now(), Outcome.FAILED, node.work.reason),)
        case JobWork():
            return (_offer_job(ports, plan, run, effect),)
        case TagRelease():
            return _tag_release(ports, plan, run, effect)
        case CallWebhook() | Notify():
            ports.queue.enqueue_external_call(run.id, effect, f"{plan.definition.project} {_system_of(node.work)}")
            return ()
        case RunDefinition():
            return _start_child(ports, plan, run, effect, work=node.work)
        case Approval() | ManualTask() | ExternalApproval() | TestResults() | Schedule() | Windows() | Wait() | Group():
            return (_finish(effect, ports.clock.now(), Outcome.BROKEN, f"nobody can be asked to do {node.name}"),)
        case _:
            assert_never(node.work)


def _system_of(work: CallWebhook | Notify) -> str:
    return system_at(work.url) if isinstance(work, CallWebhook) else MAIL


def _offer_job(ports: Ports, plan: Plan, run: Run, effect: StartStep) -> Event:
    """Store the job and notify waiting runners of its pool."""
    job = _job(plan, run, effect, at=ports.clock.now())
    if defect := ports.settings.pool_defect(job.pool, job.project):
        return _finish(effect, ports.clock.now(), Outcome.BROKEN, defect)
    try:
        stored = ports.jobs.create(job)
    except TooLarge as large:
        return _finish(effect, ports.clock.now(), Outcome.BROKEN, large.message)
    offer_job(ports, job)
    return as_event(stored)


def offered_job(ports: Ports, plan: Plan, run: Run, effect: StartStep, *, at: datetime) -> Job | None:
    """Return the job by which the step starts, if a job of a pool for its project is all that it takes."""
    if not isinstance(_node(plan, run, effect).work, JobWork):
        return None
    job = _job(plan, run, effect, at=at)
    return None if ports.settings.pool_defect(job.pool, job.project) else job


def _start_child(ports: Ports, plan: Plan, run: Run, effect: StartStep, *, work: RunDefinition) -> Sequence[Event]:
    """Start the child run, unless it was stopped before.

    Start and stop may race: start checks for a tombstone after it created the child, stop looks for a child after it
    left one, so one of them sees the other. No event is returned on a transient fault: the effect is requested again.
    """
    from chalicelib.use_cases.launch.start_child import start_definition

    parent = Parent(run=run.id, **effect.as_fields(), waits=work.wait)
    try:
        child = start_definition(ports, work, plan, run, parent)
    except PASSING:
        return ()
    except Fault as fault:
        return (_finish(effect, ports.clock.now(), Outcome.BROKEN, str(fault)),)
    if is_cancelled_before_start(ports, run.id, effect):
        return stop_step(ports, plan, run, StopStep(**effect.as_fields()))
    now = ports.clock.now()
    if not work.wait:
        return (_finish(effect, now, Outcome.SUCCEEDED, f"run {child} has begun"),)
    return (StepStarted(at=now, **effect.as_fields(), reference=child),)


def stop_step(ports: Ports, plan: Plan, run: Run, effect: StopStep) -> Sequence[Event]:
    """Request the work to stop; return its end if it has ended or never starts."""
    node, now = _node(plan, run, effect), ports.clock.now()
    match node.work:
        case JobWork():
            job = _stop_job(ports, _job(plan, run, effect, at=now))
            return (as_event(job),) if job.ending is not None else ()
        case RunDefinition():
            return _stop_child(ports, plan, run, effect)
        case CallWebhook() | Notify():
            _leave_tombstone(ports, plan, run, effect)
            return (_finish(effect, now, Outcome.CANCELLED),)
        case _:
            return (_finish(effect, now, Outcome.CANCELLED),)


def _stop_job(ports: Ports, fresh: Job) -> Job:
    """Request the job to stop; if there is none yet, create a tombstone that a late start finds."""
    job = ports.jobs.create_tombstone(jobs.stopped(fresh, now=ports.clock.now()))
    return update_job(ports, job.id, lambda now: jobs.stopped(now, now=ports.clock.now()), known=job)


def _stop_child(ports: Ports, plan: Plan, run: Run, effect: StopStep) -> Sequence[Event]:
    _leave_tombstone(ports, plan, run, effect)
    key, now = child_id(Parent(run=run.id, **effect.as_fields())), ports.clock.now()
    child = ports.runs.find_run(key)
    if child is None:
        return (_finish(effect, now, Outcome.CANCELLED, "stopped before it began"),)
    if child.is_final:
        return (_finish(effect, now, Outcome(child.phase), child.reason),)
    cancel = CancelRequested(at=now, by=f"run {run.id}", retries=child.retries)
    # Keyed by the time too, so that the queue does not drop a repetition as a duplicate.
    ports.queue.enqueue_events(key, (cancel,), key=f"{effect_id(run.id, effect)}/{now.isoformat()}")
    return ()


def _node(plan: Plan, run: Run, effect: Step) -> Node:
    execution = run.execution(effect.execution)
    node = plan.by_key[execution.stage].node(effect.node) if execution is not None else None
    if node is None:
        raise NotFound(f"no node {effect.node} in stage execution {effect.execution} of run {run.id}")
    return node


def _job(plan: Plan, run: Run, effect: Step, *, at: datetime) -> Job:
    """Build the job of the node; for a node of other work, the shape of its tombstone."""
    execution, node = run.execution(effect.execution), _node(plan, run, effect)
    stage = plan.by_key[execution.stage] if execution is not None else None
    work = node.work if isinstance(node.work, JobWork) else JobWork(kind=JobKind.SCRIPT)
    own = work.environment if plan.travels is not None else ""
    return Job(
        id=step_id(run.id, effect),
        run=run.id,
        **effect.as_fields(),
        kind=work.kind,
        pool=work.pool,
        project=plan.definition.project,
        environment=own or (stage.environment if stage is not None else None) or plan.definition.environment,
        name=plan.definition.name,
        by=plan.started_by,
        ask=work.ask,
        travels=plan.travels,
        stage=stage.key if plan.travels is not None and stage is not None else "",
        timeout=node.policy.timeout,
        created_at=at,
    )


def as_event(job: Job) -> Event:
    """Return the event that reports a job's state to its run."""
    if job.ending is None:
        at = job.created_at
        return StepStarted(at=at, **job.as_fields(), reference=job.id)
    return StepFinished(
        at=job.ending.at,
        **job.as_fields(),
        outcome=job.ending.outcome,
        reason=job.ending.reason,
        outputs=job.ending.outputs,
    )


def _finish(effect: Step, at: datetime, outcome: Outcome, reason: str = "") -> StepFinished:
    return StepFinished(at=at, **effect.as_fields(), outcome=outcome, reason=reason)


def _tag_release(ports: Ports, plan: Plan, run: Run, effect: StartStep) -> Sequence[Event]:
    from chalicelib.use_cases.launch.tag_in_run import tag_in_run

    work = _node(plan, run, effect).work
    if not isinstance(work, TagRelease):
        raise TypeError(f"{effect.node} does not tag")
    try:
        release = tag_in_run(ports, plan, run, work)
    except PASSING:
        return ()
    except Fault as fault:
        return (_finish(effect, ports.clock.now(), Outcome.FAILED, str(fault)),)
    return (_finish(effect, ports.clock.now(), Outcome.SUCCEEDED, f"tagged {release} as {work.tag}"),)


def has_applied(plan: Plan, run: Run, of: Job | Parent) -> bool:
    """Return True if the run has folded the end of this piece of work, or is past it. plan: its own as of now."""
    found = find(plan, run, of)
    return found is None or found[1].attempt != of.attempt or found[1].is_final


def _leave_tombstone(ports: Ports, plan: Plan, run: Run, effect: StopStep) -> None:
    """Create a tombstone so that this work does not start any more; what has started must still be ended."""
    now = ports.clock.now()
    tombstone = jobs.stopped(_job(plan, run, effect, at=now), now=now)
    # Acknowledged: no job ended, so the run must not be notified of an end.
    ports.jobs.create_tombstone(replace(tombstone, acknowledged=True))


def is_cancelled_before_start(ports: Ports, run_id: str, effect: Step) -> bool:
    """Return True if the work was stopped before it started."""
    job = ports.jobs.find_job(step_id(run_id, effect))
    return job is not None and job.phase is JobPhase.ENDED
