"""The tables of what may become of a train and of a snapshot."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.trains.snapshot import Arrived, Snapshot, SnapshotStatus, rejection_of, status_of
from chalicelib.kernel.trains.train import Place, Train, TrainStatus
from chalicelib.kernel.trains.transitions import (
    Changed,
    arrived,
    cancelled,
    delivered,
    entered,
    lost_head,
    needs_block,
    rejected,
    restored,
    with_block,
    with_heads,
    with_run,
)
from tests.builders import NOON
from tests.kernel.trains.given import BY_ADA, CANCELLED, LIVE, TEST, a_snapshot, a_train, snapshots

ACTIVE, OVER, DONE = a_train(), cancelled(a_train(), CANCELLED), delivered(a_train(), "ada", NOON)
IN_ACTIVE = a_snapshot()
OPEN, DEPLOYED = IN_ACTIVE.snapshot, replace(IN_ACTIVE.snapshot, ending=Arrived(at=NOON))
REJECTED = replace(OPEN, ending=BY_ADA)
IN_OVER = cancelled(IN_ACTIVE.train, CANCELLED)
IN_DONE = delivered(IN_ACTIVE.train, "ada", NOON)
Of_train = Callable[[Train], object]

CREATE: Of_train = a_snapshot
CANCEL: Of_train = lambda train: cancelled(train, CANCELLED).status  # noqa: E731 - a table of acts
RESTORE: Of_train = lambda train: restored(train).status  # noqa: E731


@pytest.mark.parametrize(
    ("train", "act", "status"),
    [
        (ACTIVE, CANCEL, TrainStatus.CANCELLED),
        (ACTIVE, RESTORE, None),
        (OVER, CREATE, None),
        (OVER, CANCEL, None),
        (OVER, RESTORE, TrainStatus.ACTIVE),
        (DONE, CREATE, None),
        (DONE, CANCEL, None),
        (DONE, RESTORE, None),
    ],
)
def test_what_may_become_of_a_train(train: Train, act: Of_train, status: TrainStatus | None) -> None:
    if status is None:
        with pytest.raises(Conflict):
            act(train)
    else:
        assert act(train) is status


@pytest.mark.parametrize(
    ("train", "snapshot", "after"),
    [
        (IN_ACTIVE.train, OPEN, SnapshotStatus.REJECTED),
        (IN_ACTIVE.train, REJECTED, SnapshotStatus.REJECTED),
        (IN_ACTIVE.train, DEPLOYED, None),
        (IN_OVER, OPEN, SnapshotStatus.REJECTED),
        (IN_OVER, DEPLOYED, None),
        (IN_DONE, OPEN, SnapshotStatus.REJECTED),
    ],
)
def test_what_can_be_rejected(train: Train, snapshot: Snapshot, after: SnapshotStatus | None) -> None:
    if after is None:
        with pytest.raises(Conflict):
            rejected(train, snapshot, BY_ADA)
    else:
        changed = rejected(train, snapshot, BY_ADA)
        assert status_of(changed.train, changed.snapshot) is after


@pytest.mark.parametrize(
    ("train", "snapshot", "is_legal"),
    [
        (IN_ACTIVE.train, OPEN, True),
        (IN_ACTIVE.train, DEPLOYED, True),
        (IN_ACTIVE.train, REJECTED, False),
        (IN_DONE, OPEN, True),
        (IN_DONE, DEPLOYED, True),
        (IN_OVER, OPEN, False),
        (IN_OVER, DEPLOYED, False),
        (restored(IN_OVER), OPEN, False),
        (restored(IN_OVER), DEPLOYED, True),
    ],
)
def test_what_can_be_deployed(train: Train, snapshot: Snapshot, *, is_legal: bool) -> None:
    if is_legal:
        assert entered(train, snapshot, TEST).snapshot.furthest == TEST
    else:
        with pytest.raises(Conflict):
            entered(train, snapshot, TEST)


@pytest.mark.parametrize(("snapshot", "after"), [(OPEN, "deployed"), (DEPLOYED, "deployed"), (REJECTED, "rejected")])
def test_what_succeeds_in_the_last_stage_is_deployed_unless_it_has_ended(snapshot: Snapshot, after: str) -> None:
    changed = arrived(IN_ACTIVE.train, snapshot, NOON)

    assert status_of(changed.train, changed.snapshot) == after


def test_a_train_that_has_ended_is_not_delivered() -> None:
    assert delivered(OVER, "ada", NOON) == OVER


def test_a_refusal_names_the_train_and_what_is_wrong() -> None:
    with pytest.raises(Conflict, match=r"train 1\.0 of web/web is cancelled: it takes no snapshot"):
        a_snapshot(OVER)


def test_numbers_count_on_from_the_highest_whole_one() -> None:
    train, numbers = a_train(), list[str]()
    for wanted in ("", "56.develop", "3", "", "2", "", "007", ""):
        changed = a_snapshot(train, wanted)
        train = changed.train
        numbers.append(changed.snapshot.number)

    assert numbers == ["1", "56.develop", "3", "4", "2", "5", "007", "8"]


def test_a_number_too_long_for_clients_is_not_counted_on_from() -> None:
    assert a_snapshot(a_snapshot(number="9999999999").train).snapshot.number == "1"


def test_ids_follow_that_of_the_train_and_need_a_block_when_they_are_used_up() -> None:
    train, made = snapshots(99)

    assert [one.id for one in made] == list(range(10_002, 10_101))
    assert needs_block(train)
    assert not needs_block(with_block(train, 10_501))
    assert a_snapshot(with_block(train, 10_501)).snapshot.id == 10_501


def test_the_youngest_is_the_latest_and_before_any_stage_the_furthest() -> None:
    train, (_, second) = snapshots(2)

    assert train.latest is not None
    assert train.furthest is not None
    assert (train.latest.id, train.furthest.id) == (second.id, second.id)


def test_the_furthest_along_the_pipeline_is_the_furthest_and_of_several_the_youngest() -> None:
    train, (first, second, _) = snapshots(3)

    assert _furthest(_moved(train, first, TEST).train) == first.id
    train = _moved(_moved(train, first, LIVE).train, second, TEST).train
    assert _furthest(train) == first.id
    assert _furthest(_moved(train, second, LIVE).train) == second.id


def test_the_furthest_stage_never_moves_back() -> None:
    changed = _moved(IN_ACTIVE.train, OPEN, LIVE)
    again = _moved(changed.train, changed.snapshot, TEST)

    assert again == changed
    assert again.snapshot.furthest == LIVE


def test_rejecting_the_latest_finds_the_one_before_it() -> None:
    train, (first, second) = snapshots(2)
    changed = rejected(train, second, BY_ADA)

    assert lost_head(changed)
    heads = with_heads(changed.train, (first, changed.snapshot))
    assert heads.latest is not None
    assert heads.latest.id == first.id == _furthest(heads)
    assert not lost_head(rejected(train, first, BY_ADA))


def test_without_an_open_snapshot_there_is_no_latest() -> None:
    changed = rejected(IN_ACTIVE.train, OPEN, BY_ADA)
    train = with_heads(changed.train, (changed.snapshot,))

    assert (train.latest, train.furthest) == (None, None)


def test_a_cancelled_train_rejects_what_was_open_and_what_is_restored_stays_rejected() -> None:
    over = restored(cancelled(IN_ACTIVE.train, CANCELLED))
    fresh = a_snapshot(over)

    rejection = rejection_of(over, OPEN)
    assert rejection is not None
    assert (rejection.by, rejection.reason) == ("ada", "not this year")
    assert status_of(over, DEPLOYED) is SnapshotStatus.DEPLOYED
    assert status_of(fresh.train, fresh.snapshot) is SnapshotStatus.ACTIVE
    assert fresh.snapshot.number == "2"


def test_of_several_cancellings_the_first_one_rejected_a_snapshot() -> None:
    once = restored(cancelled(IN_ACTIVE.train, CANCELLED))
    later = replace(CANCELLED, by="bob")
    second = a_snapshot(once)
    twice = restored(cancelled(second.train, later))
    thrice = cancelled(twice, replace(CANCELLED, by="eve"))

    assert [_rejecter(thrice, one) for one in (OPEN, second.snapshot)] == ["ada", "bob"]


def test_a_run_is_noted_once() -> None:
    changed = with_run(with_run(IN_ACTIVE, "r1"), "r1")

    assert with_run(changed, "r2").snapshot.runs == ("r1", "r2")


def _moved(train: Train, snapshot: Snapshot, place: Place) -> Changed:
    return entered(train, snapshot, place)


def _furthest(train: Train) -> int | None:
    return None if train.furthest is None else train.furthest.id


def _rejecter(train: Train, snapshot: Snapshot) -> str | None:
    found = rejection_of(train, snapshot)
    return None if found is None else found.by
