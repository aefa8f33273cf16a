"""Redeploy: take the snapshot of a run that has ended through some of its stages once more, by a run of its own."""

from collections.abc import Callable, Collection
from datetime import datetime

from chalicelib.kernel.definitions.compile_redeploy import REDEPLOY
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.events import Promoted, PromotionMode
from chalicelib.kernel.engine.redeploy import redeploying_run
from chalicelib.kernel.engine.refusal import refusal
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.engine.settle import settle
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.plan import Concurrency, Plan
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.launch.plan import plan_redeploy
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.deciders import check_caller, checked_mode
from chalicelib.use_cases.runs.read import RunView, get_run, run_view
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


def redeploy(ports: Ports, command: Redeploy, prepare: Callable[[], object] = lambda: None) -> RunView:
    """Start the run and return it. Refused, it leaves nothing behind. prepare: is done once it is not refused.

    Faults: NotFound; Conflict if the run goes on, or a gate refuses; Forbidden; Invalid.
    """
    by = command.origin.by
    check_caller(by, command.notes)
    run = ports.runs.run(command.run)
    repeated = _repeated(ports, run, command.stages)
    beginning = Beginning(
        id=run_id_for(ports, command.origin), by=by.name, trigger=REDEPLOY, begun_by=begun_by(ports, by)
    )
    plan = plan_redeploy(ports, repeated[0].plan, command.stages, beginning)
    new = redeploying_run(plan, [(seen.plan, seen.run) for seen in repeated])
    given = () if plan.concurrency is Concurrency.QUEUE else (_promotion(ports, command, plan, new),)
    prepare()
    return run_view(ports, start_run(ports, plan, new, given))


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


def _promotion(ports: Ports, command: Redeploy, plan: Plan, new: Run) -> Promoted:
    """The promotion into the first stage. Faults: Forbidden, Conflict if it is refused."""
    by, now, stage = command.origin.by, ports.clock.now(), plan.stages[0]
    opened = settle(plan, new, now)
    promotion = Promoted(
        at=now,
        stage=stage.key,
        executions=opened.entered,
        by=by.name,
        begin_at=command.begin_at,
        mode=checked_mode(ports, by, RunView(run=opened, plan=plan), stage, mode=command.mode),
        notes=command.notes,
        behind=plan.begun_by,
    )
    refused = refusal(plan, opened, promotion)
    if refused is not None:
        raise Conflict(refused)
    return promotion
