"""Take and release locks, and raise a train's watermark."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.engine.effects import WHOLE_RUN, CheckWatermark, FreeLock, PassGates, TakeLock
from chalicelib.kernel.engine.events import Event, GatesPassed, LockAwaited, LockTaken, Overtaken, WatermarkChecked
from chalicelib.kernel.engine.progress.locks import line_of
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan, Train
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.locks import Awaited, Behind, Held, Holder, ReleasedBefore


def take_lock(ports: Ports, plan: Plan, run: Run, effect: TakeLock) -> Sequence[Event]:
    """Take the lock or join its line. A holder that has ended is replaced; a live holder's claim is confirmed."""
    holder = Holder(
        run=run.id, execution=effect.execution, attempt=effect.attempt, line=line_of(plan), number=plan.number
    )
    now = ports.clock.now()
    answer = ports.locks.take(effect.lock, holder, now)
    if isinstance(answer, Awaited) and _has_ended(ports, answer.holder):
        ports.locks.replace(effect.lock, answer.holder, answer.fence, now)
        answer = ports.locks.take(effect.lock, holder, now)
    match answer:
        case Held():
            return (LockTaken(at=now, execution=effect.execution, fence=answer.fence, attempt=effect.attempt),)
        case Awaited():
            by = f"run {answer.holder.run}"
            return (LockAwaited(at=now, execution=effect.execution, holder=by, attempt=effect.attempt),)
        case ReleasedBefore():
            return ()


def _has_ended(ports: Ports, holder: Holder) -> bool:
    run = ports.runs.find_run(holder.run)
    if run is None:
        return True
    if holder.execution == WHOLE_RUN:
        return run.is_final or run.retries != holder.attempt
    execution = run.execution(holder.execution)
    return execution is None or execution.is_final or execution.turn != holder.attempt


def free_lock(ports: Ports, run: Run, effect: FreeLock) -> None:
    """Release the lock and notify the first in line that it now holds it."""
    holder = Holder(run=run.id, execution=effect.execution, attempt=effect.attempt)
    next_holder = ports.locks.free(effect.lock, holder, ports.clock.now())
    if next_holder is None:
        return
    follower, fence = next_holder
    acquired = LockTaken(at=ports.clock.now(), execution=follower.execution, fence=fence, attempt=follower.attempt)
    ports.queue.enqueue_events(follower.run, (acquired,), key=f"{effect.lock}/{fence}")


def pass_gates(ports: Ports, plan: Plan, run: Run, effect: PassGates) -> Sequence[Event]:
    """Raise the train's watermark and notify older runs that they are overtaken; if a newer run passed, return
    Overtaken, unless this one is a redeploy.
    """
    train = _train(plan, run)
    answer = ports.watermarks.take(train.name, effect.stage, train.number, run.id)
    now = ports.clock.now()
    if isinstance(answer, Behind):
        # A redeploy is deliberate: it passes, and leaves the watermark where it is.
        return (GatesPassed(at=now, execution=effect.execution) if plan.redeploys else _overtaken(answer, effect, now),)
    if older := ports.runs.open_in_train(train.name, train.number):
        overtaken = Overtaken(at=now, stage=effect.stage, by_run=run.id, by_number=train.number)
        ports.queue.enqueue_for_all(older, (overtaken,), key=f"{run.id}/{effect.stage}/{effect.execution}")
    return (GatesPassed(at=now, execution=effect.execution),)


def check_watermark(ports: Ports, plan: Plan, run: Run, effect: CheckWatermark) -> Sequence[Event]:
    """Return Overtaken if a newer run has passed these gates, else WatermarkChecked."""
    train = _train(plan, run)
    answer = ports.watermarks.compare(train.name, effect.stage, train.number)
    now = ports.clock.now()
    if isinstance(answer, Behind):
        return (_overtaken(answer, effect, now),)
    return (WatermarkChecked(at=now, execution=effect.execution),)


def _train(plan: Plan, run: Run) -> Train:
    return plan.train or Train(name=run.id, number=1)


def _overtaken(by: Behind, effect: PassGates | CheckWatermark, now: datetime) -> Overtaken:
    return Overtaken(at=now, stage=effect.stage, by_run=by.by_run, by_number=by.by_number, execution=effect.execution)
