"""Let a stage that a freeze holds begin all the same."""

from datetime import datetime

from chalicelib.kernel.access.principal import Principal, is_admin
from chalicelib.kernel.engine.freezing import FreezePassed
from chalicelib.kernel.engine.progress.windows import freezes_of
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.plans.freezes import Freeze
from chalicelib.kernel.plans.plan import Plan
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import advance_run, decide
from chalicelib.use_cases.runs.deciders import check_caller
from chalicelib.use_cases.runs.read import RunView, run_view
from slipway_formats.frozen import frozen


@frozen
class PassFreeze:
    """Let a held stage of a run begin. stage: key or name; empty for the only one that is held."""

    run: str
    by: Principal
    reason: str
    stage: str = ""


def pass_freeze(ports: Ports, command: PassFreeze) -> RunView:
    """Let the stage pass all freezes that hold it now. Faults: NotFound, Conflict, Forbidden, Invalid, Stale."""
    check_caller(command.by, command.reason)
    if not command.reason.strip():
        raise Invalid.single("reason", "is required")
    run = ports.runs.run(command.run)
    if ports.freezes.recent().version > run.freezes.version:
        # While its job waits for a runner nothing else has it hear of them.
        run = advance_run(ports, command.run, ())
    plan, now = ports.runs.plan(run.plan), ports.clock.now()
    execution = _meant(plan, run, command, now)
    held = freezes_of(plan, run, execution, now)
    if not held:
        raise Conflict(f"no freeze holds stage {plan.by_key[execution.stage].name}")
    for freeze in held:
        _check_may_pass(command, freeze)
    act = FreezePassed(
        at=now,
        execution=execution.number,
        freezes=tuple(one.id for one in held),
        by=command.by.name,
        notes=command.reason,
        behind=begun_by(ports, command.by),
    )
    return run_view(ports, decide(ports, run, act))


def _meant(plan: Plan, run: Run, command: PassFreeze, now: datetime) -> StageExecution:
    """Return the stage execution that the command means. Faults: Conflict if none is held, or more than one."""
    going = [one for one in run.stages if not one.is_final]
    named = [one for one in going if command.stage in {"", one.stage, plan.by_key[one.stage].name}]
    held = [one for one in named if _is_held(one) or freezes_of(plan, run, one, now)]
    if len(held) > 1:
        names = ", ".join(plan.by_key[one.stage].name for one in held)
        raise Conflict(f"more than one stage is held, name it: {names}")
    if not held:
        raise Conflict(f"no freeze holds run {run.id}")
    return held[0]


def _is_held(execution: StageExecution) -> bool:
    return bool(execution.held_by) or any(state.held_by for state in execution.nodes.values())


def _check_may_pass(command: PassFreeze, freeze: Freeze) -> None:
    passers, by = freeze.passers, command.by
    if not (is_admin(by) or by.name in passers.users or by.groups.intersection(passers.teams)):
        raise Forbidden(f"{by.name} may not pass the freeze {freeze.id}: {freeze.reason}")
    given = command.reason.casefold()
    if passers.reasons and not any(given.startswith(word.casefold()) for word in passers.reasons):
        raise Invalid.single("reason", f"should begin with one of: {', '.join(passers.reasons)}")
