"""Note in a train's records how far a run has taken its snapshot, and let happen what follows from that."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.travel import Progress
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.plans.plan import Train as Line
from chalicelib.kernel.trains.completion import Completion, is_earlier, next_number
from chalicelib.kernel.trains.snapshot import SnapshotStatus, status_of
from chalicelib.kernel.trains.train import Cancelled, Place, Train
from chalicelib.kernel.trains.transitions import (
    Changed,
    arrived,
    cancelled,
    delivered,
    entered,
    titled,
    with_heads,
)
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import read_before, retry_on_conflict
from chalicelib.use_cases.trains.cancel_runs import cancel_runs
from chalicelib.use_cases.trains.find import find_travelling
from chalicelib.use_cases.trains.lists import all_snapshots, all_trains
from slipway_formats.frozen import frozen


@frozen
class Noted:
    """What a run has done. line: whose run it is. run: its id. by: who began it. at: when this is noted."""

    line: Line
    run: str
    by: str
    at: datetime
    progress: Progress


def note_progress(ports: Ports, noted: Noted) -> None:
    """Note how far a run has taken a snapshot; noting it again changes nothing. Faults: Stale."""
    current = read_before(_remembered(ports, noted), lambda: find_travelling(ports, noted.line))
    changed = retry_on_conflict(ports, lambda: _note(ports, noted, current()))
    if changed is None or not changed.train.is_planned or not noted.progress.arrived:
        return
    if status_of(changed.train, changed.snapshot) is SnapshotStatus.DEPLOYED:
        _complete(ports, changed.train, noted)


def _remembered(ports: Ports, noted: Noted) -> Changed | None:
    """The snapshot as this process last saved it, where there is something to note: the save tells if that is old."""
    known = ports.snapshots.last_saved(train_in(noted.line), noted.line.number)
    return known if known is not None and _after(known, noted) != known else None


def _note(ports: Ports, noted: Noted, before: Changed | None) -> Changed | None:
    """Save what is new; None if there is no such snapshot any more."""
    if before is None:
        return None
    after = _after(before, noted)
    return before if after == before else replace(after, train=ports.snapshots.save(after, None))


def _after(before: Changed, noted: Noted) -> Changed:
    changed = before
    for place in noted.progress.begun:
        changed = _moved(changed, place)
    if not noted.progress.arrived:
        return changed
    changed = arrived(changed.train, changed.snapshot, noted.at)
    is_delivered = noted.progress.completion.deploys_train and _is_deployed(changed)
    return replace(changed, train=delivered(changed.train, noted.by, noted.at)) if is_delivered else changed


def _moved(changed: Changed, place: Place) -> Changed:
    """The snapshot in a stage; where it was rejected meanwhile, it stays what it was."""
    with suppress(Conflict):
        return entered(changed.train, changed.snapshot, place)
    return changed


def _is_deployed(changed: Changed) -> bool:
    return status_of(changed.train, changed.snapshot) is SnapshotStatus.DEPLOYED


def _complete(ports: Ports, train: Train, noted: Noted) -> None:
    completion: Completion = noted.progress.completion
    if completion.cancels_earlier:
        trains = all_trains(ports, train.project, train.application)
        for number in [one.id for one in trains if is_earlier(train, one)]:
            retry_on_conflict(ports, partial(_cancel, ports, number, train, noted))
    following = next_number(train) if completion.creates_next else None
    if following is not None and ports.trains.find_numbered(train.project, train.application, following) is None:
        _create(ports, train, following, noted)


def _cancel(ports: Ports, other: int, train: Train, noted: Noted) -> None:
    before = ports.trains.train(other)
    if not is_earlier(train, before):
        return
    reason = f"{titled(train)} was deployed"
    snapshots = tuple(all_snapshots(ports, other))
    over = cancelled(before, Cancelled(by=noted.by, at=noted.at, reason=reason))
    ports.trains.save(with_heads(over, snapshots), _entry(noted, over, "cancelled-train", reason))
    cancel_runs(ports, snapshots, noted.by, reason)


def _create(ports: Ports, train: Train, number: str, noted: Noted) -> None:
    first = ports.numbers.following_id("train")
    following = Train(
        id=first,
        project=train.project,
        application=train.application,
        number=number,
        pipeline=train.pipeline,
        template=train.template,
        sequence=ports.numbers.following(f"trains/{train.project}/{train.application}"),
        members=train.members,
        created_by=noted.by,
        created_at=noted.at,
        acts_for=train.acts_for,
        next_id=first + 1,
        last_id=first + BLOCK - 1,
    )
    entry = _entry(noted, following, "created-train", f"after {train.number}")
    with suppress(Conflict):  # somebody planned it in this instant
        ports.trains.create(following, None, entry)


def _entry(noted: Noted, train: Train, act: str, reason: str) -> AuditEntry:
    subject = f"{train.project}/{train.application}/{train.number}"
    return AuditEntry(
        id=f"{noted.run}/{act}/{subject}",
        at=noted.at,
        by=noted.by,
        act=act,
        subject=subject,
        project=train.project,
        notes=reason,
    )
