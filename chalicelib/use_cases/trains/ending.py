"""End what travels: cancel a train or take that back, reject a snapshot. Their open runs are cancelled."""

from dataclasses import replace
from enum import StrEnum

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.trains.schedule import scheduled
from chalicelib.kernel.trains.snapshot import SnapshotStatus, status_of
from chalicelib.kernel.trains.train import Cancelled, Rejection, Train, TrainStatus
from chalicelib.kernel.trains.transitions import (
    Changed,
    cancelled,
    delivered,
    lost_head,
    rejected,
    restored,
    titled,
    with_heads,
)
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.cancel_runs import cancel_runs
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.lists import all_snapshots
from chalicelib.use_cases.trains.trains import train_entry
from slipway_formats.frozen import frozen

LONGEST_REASON = 1000


class TrainAct(StrEnum):
    """What is done to a train."""

    CANCEL = "cancel"
    RESTORE = "restore"
    COMPLETE = "complete"


@frozen
class EndTrain:
    """Cancel a train, restore it, or complete it, whatever of it still travels. reason: why."""

    origin: Origin
    train: int
    act: TrainAct = TrainAct.CANCEL
    reason: str = ""


@frozen
class RejectSnapshot:
    """Reject a snapshot of a train. reason: why."""

    origin: Origin
    train: int
    snapshot: int
    reason: str = ""


def end_train(ports: Ports, command: EndTrain) -> Train:
    """Cancel a train, rejecting its open snapshots and cancelling their runs; or restore it without them.

    Faults: Invalid, NotFound, Forbidden, Stale; Conflict unless it is active, or cancelled.
    """
    _check_reason(command.reason)
    acts = {TrainAct.CANCEL: _cancel, TrainAct.RESTORE: _restore, TrainAct.COMPLETE: _complete}
    return retry_on_conflict(ports, lambda: acts[command.act](ports, command), since=command.origin.at)


def reject_snapshot(ports: Ports, command: RejectSnapshot) -> Changed:
    """Reject a snapshot and cancel its runs; one that is rejected stays as it is.

    Faults: Invalid, NotFound, Forbidden, Stale; Conflict if it is deployed.
    """
    _check_reason(command.reason)
    changed = retry_on_conflict(ports, lambda: _reject(ports, command), since=command.origin.at)
    cancel_runs(ports, (changed.snapshot,), command.origin.by.name, f"snapshot {changed.snapshot.number} was rejected")
    return changed


def _cancel(ports: Ports, command: EndTrain) -> Train:
    origin = command.origin
    train = train_for(ports, origin.by, command.train, Level.WRITE)
    entry, snapshots = (
        train_entry(origin, "cancelled-train", train, command.reason),
        tuple(all_snapshots(ports, train.id)),
    )
    if train.status is TrainStatus.ACTIVE or not was_done(ports, entry):
        over = cancelled(train, Cancelled(by=origin.by.name, at=origin.at, reason=command.reason))
        train = ports.trains.save(with_heads(over, snapshots), entry)
    # Also of a request that is repeated: it may have died in the midst of this.
    gone = tuple(one for one in snapshots if status_of(train, one) is SnapshotStatus.REJECTED)
    cancel_runs(ports, gone, origin.by.name, f"train {train.number} was cancelled")
    return train


def _restore(ports: Ports, command: EndTrain) -> Train:
    train = train_for(ports, command.origin.by, command.train, Level.WRITE)
    entry = train_entry(command.origin, "restored-train", train, command.reason)
    if train.status is not TrainStatus.CANCELLED and was_done(ports, entry):
        return train
    again = restored(train)
    # What its schedule missed meanwhile is over.
    return ports.trains.save(replace(again, gated=scheduled(again.gated, command.origin.at)), entry)


def _complete(ports: Ports, command: EndTrain) -> Train:
    origin = command.origin
    train = train_for(ports, origin.by, command.train, Level.WRITE)
    entry = train_entry(origin, "completed-train", train, command.reason)
    if train.status is TrainStatus.ACTIVE:
        train = ports.trains.save(delivered(train, origin.by.name, origin.at), entry)
    elif not was_done(ports, entry):
        raise Conflict(Worded("{} is {}: it cannot be completed", titled(train), Worded(train.status)))
    cancel_runs(ports, all_snapshots(ports, train.id), origin.by.name, f"train {train.number} was completed")
    return train


def _reject(ports: Ports, command: RejectSnapshot) -> Changed:
    origin = command.origin
    train = train_for(ports, origin.by, command.train, Level.WRITE)
    before = snapshot_of(ports, train, command.snapshot)
    changed = rejected(train, before, Rejection(by=origin.by.name, at=origin.at, reason=command.reason))
    if changed.snapshot == before:
        return changed
    if lost_head(changed):
        changed = Changed(train=_without(ports, changed), snapshot=changed.snapshot)
    subject = f"{train.project}/{train.application}/{train.number}/{before.number}"
    action = AuditAction(act="rejected-snapshot", subject=subject, project=train.project, notes=command.reason)
    return Changed(train=ports.snapshots.save(changed, entry_of(origin, action)), snapshot=changed.snapshot)


def _without(ports: Ports, changed: Changed) -> Train:
    """The train with its latest and furthest found among the others."""
    others = (one for one in all_snapshots(ports, changed.train.id) if one.id != changed.snapshot.id)
    return with_heads(changed.train, others)


def _check_reason(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise Invalid.single("reason", f"over {LONGEST_REASON} characters")
