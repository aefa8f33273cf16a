"""What each effect does, in one closed match. Every effect is idempotent; the returned events acknowledge it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never

from chalicelib.kernel.engine.effects import (
    Announce,
    Audit,
    CheckWatermark,
    Effect,
    FreeLock,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
    effect_id,
)
from chalicelib.kernel.engine.events import EffectPerformed, Event
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.effects.announce import announce
from chalicelib.use_cases.effects.perform_audit import write_act
from chalicelib.use_cases.effects.perform_locks import check_watermark, free_lock, pass_gates, take_lock
from chalicelib.use_cases.effects.perform_steps import start_step, stop_step
from chalicelib.use_cases.ports.bundle import Ports

LONGEST_TIMER = timedelta(minutes=15)
"""The longest delay of a queue message; later wake-ups are left to the due index."""


def perform(ports: Ports, plan: Plan, run: Run, effect: Effect) -> Sequence[Event]:
    """Perform the effect. Return the events that acknowledge it, or none if they arrive later by the queue."""
    match effect:
        case StartStep():
            return start_step(ports, plan, run, effect)
        case StopStep():
            return stop_step(ports, plan, run, effect)
        case TakeLock():
            return take_lock(ports, plan, run, effect)
        case PassGates():
            return pass_gates(ports, plan, run, effect)
        case CheckWatermark():
            return check_watermark(ports, plan, run, effect)
        case WakeAt():
            return _wake(ports, run, effect)
        case FreeLock() | Announce() | Audit():
            if not _complete(ports, plan, run, effect):
                return ()
            return (EffectPerformed(at=ports.clock.now(), effect=effect_id(run.id, effect)),)
        case _:
            assert_never(effect)


def _complete(ports: Ports, plan: Plan, run: Run, effect: FreeLock | Announce | Audit) -> bool:
    """Perform the effect. Return False if it must be requested again."""
    match effect:
        case FreeLock():
            free_lock(ports, run, effect)
        case Announce():
            return announce(ports, plan, run, effect)
        case Audit():
            write_act(ports, plan, run, effect)
    return True


def _wake(ports: Ports, run: Run, effect: WakeAt) -> Sequence[Event]:
    if effect.at <= ports.clock.now() + LONGEST_TIMER:
        ports.queue.wake(run.id, effect.at)
    return ()
