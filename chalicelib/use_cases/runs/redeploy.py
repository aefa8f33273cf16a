"""Redeploy: take the snapshot of a run that has ended through some of its stages once more, by a run of its own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chalicelib.kernel.definitions.compile_redeploy import REDEPLOY
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.events import Act, PromotionMode
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.redeploy import redeploying_run
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import Concurrency, Plan
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.launch.in_turn import again_in_turn
from chalicelib.use_cases.launch.plan import plan_redeploy
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import Begun
from chalicelib.use_cases.runs.advance import StoreRun, start_run
from chalicelib.use_cases.runs.decide import DecideRun, allowed_act
from chalicelib.use_cases.runs.deciders import check_caller
from chalicelib.use_cases.runs.read import RunView, get_run, run_view
from chalicelib.use_cases.trains.begun_runs import basis_of, store_begun
from slipway_formats.frozen import frozen


@frozen
class Redeploy:
    """Take what a run carried to these stages (keys or names) again. begin_at, mode: as of a promotion."""

    origin: Origin
    run: str
    stages: tuple[str, ...]
    begin_at: datetime | None = None
    mode: PromotionMode = PromotionMode.WHEN_MET
    notes: str = ""


def redeploy(ports: Ports, command: Redeploy, store: StoreRun | None = None) -> RunView:
    """Start the run and return it. Refused, it leaves nothing behind. store: how it is stored, if that is known.

    Faults: NotFound; Conflict if the run goes on, a gate refuses, or its snapshot may not go there now; Forbidden;
    Invalid.
    """
    check_caller(command.origin.by, command.notes)
    repeated = _repeated(ports, ports.runs.run(command.run), command.stages)
    return again_in_turn(ports, repeated[0].plan, lambda: _begun(ports, command, repeated, store))


def _begun(ports: Ports, command: Redeploy, repeated: Sequence[RunView], store: StoreRun | None) -> RunView:
    by, run = command.origin.by, run_id_for(ports, command.origin)
    beginning = Beginning(id=run, by=by.name, trigger=REDEPLOY, begun_by=begun_by(ports, by))
    plan = plan_redeploy(ports, repeated[0].plan, command.stages, beginning)
    new = redeploying_run(plan, [(seen.plan, seen.run) for seen in repeated])
    given = () if plan.concurrency is Concurrency.QUEUE else (_promotion(ports, command, plan, new),)
    store = store or _noting(ports, command, plan)
    return run_view(ports, start_run(ports, plan, new, given, origin=command.origin, store=store))


def _noting(ports: Ports, command: Redeploy, plan: Plan) -> StoreRun | None:
    """Return how a run of a snapshot is stored; None for another one. Faults: Conflict if it may not go there now."""
    basis = basis_of(ports, plan, command.origin.at)
    if basis is None:
        return None
    return lambda run, plan, entry: store_begun(ports, basis, Begun(run=run, plan=plan), (entry,))


def _repeated(ports: Ports, run: Run, stages: Collection[str]) -> tuple[RunView, ...]:
    """The run, after the one that it redeploys if it does: that one has all the stages. Faults: Conflict."""
    plan = ports.runs.plan(run.plan)
    if not plan.is_travel:
        raise Conflict(f"run {run.id} travels no stages: trigger its {plan.definition.kind} anew")
    wanted = [stage.key for stage in plan.stages if stage.key in stages or stage.name in stages]
    if not run.is_final and any(_is_open(run, key) for key in wanted):
        raise Conflict(f"run {run.id} goes on: promote it")
    own = RunView(run=run, plan=plan)
    return (get_run(ports, plan.redeploys), own) if plan.redeploys else (own,)


def _is_open(run: Run, stage: str) -> bool:
    """Return True if the run can enter the stage still, or is in it."""
    latest = run.latest(stage)
    return latest is None or not latest.is_final or latest.awaits_promotion


def _promotion(ports: Ports, command: Redeploy, plan: Plan, new: Run) -> Act:
    """The promotion into the first stage. Faults: Forbidden, Conflict if it is refused."""
    promotion = DecideRun(
        run=plan.id,
        kind=ActKind.PROMOTED,
        by=command.origin.by,
        stage=plan.stages[0].key,
        begin_at=command.begin_at,
        mode=command.mode,
        notes=command.notes,
    )
    return allowed_act(ports, RunView(run=settle(plan, new, ports.clock.now()), plan=plan), promotion)
