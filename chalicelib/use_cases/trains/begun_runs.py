"""New runs of snapshots: each is stored together with its snapshot's note of it, and no two go to one stage at once."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.travel import is_in, way_to
from chalicelib.kernel.faults import Conflict, Worded
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.transitions import Changed, refuse_deployment, snapshot_titled, with_run
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import Begun
from chalicelib.use_cases.retry import read_before, retry_on_conflict
from slipway_formats.frozen import frozen


@frozen
class Basis:
    """On what it was decided that a snapshot begins a run. of: the snapshot as it was read then.

    again: reads it once more, and refuses what may not begin any more. since: when the request was accepted.
    """

    of: Changed
    again: Callable[[], Changed]
    since: datetime


def store_begun(ports: Ports, basis: Basis, begun: Begun, entries: Sequence[AuditEntry] = ()) -> bool:
    """Store a new run with its snapshot's note of it; return False if the run exists.

    Faults: Conflict if another run through one of its stages was begun since; Stale, those of reading again.
    """
    current = read_before(basis.of, basis.again)

    def store() -> bool:
        of = current()
        _refuse_rivals(ports, basis.of, of, begun.plan)
        return ports.snapshots.begin(with_run(of, begun.run.id), begun, entries)

    return retry_on_conflict(ports, store, since=basis.since)


def basis_of(ports: Ports, plan: Plan, since: datetime) -> Basis | None:
    """Return the basis of a run that carries a snapshot, as it is now; None if it carries none, or one that is gone.

    Faults: Conflict if the snapshot may not be deployed, or is in one of the plan's stages.
    """
    line = plan.travels
    of = _carried(ports, line) if line is not None else None
    if line is None or of is None:
        return None
    for run in ports.runs.find_runs(of.snapshot.runs):
        other = ports.runs.plan(run.plan)
        if run.id != plan.id and any(is_in(other, run, stage.name) for stage in plan.stages):
            raise in_stage_already(of)
    return Basis(of=of, again=lambda: _carried(ports, line) or of, since=since)


def in_stage_already(of: Changed) -> Conflict:
    """Refuse what is to enter a stage in which the snapshot is."""
    return Conflict(Worded("{} is in this stage already", snapshot_titled(of.train, of.snapshot)))


def _refuse_rivals(ports: Ports, before: Changed, of: Changed, plan: Plan) -> None:
    since = set(of.snapshot.runs) - {*before.snapshot.runs, plan.id}
    others = (ports.runs.plan(run.plan) for run in ports.runs.find_runs(sorted(since)))
    if any(way_to(other, stage.name) is not None for other in others for stage in plan.stages):
        raise Conflict(Worded("{} is deployed by another request now", snapshot_titled(of.train, of.snapshot)))


def _carried(ports: Ports, line: Line) -> Changed | None:
    train = ports.trains.find_train(train_in(line))
    snapshot = ports.snapshots.find_snapshot(train.id, line.number) if train is not None else None
    if train is None or snapshot is None:
        return None
    refuse_deployment(train, snapshot)
    return Changed(train=train, snapshot=snapshot)
