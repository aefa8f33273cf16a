"""The laws of docs/trains.md about one train: what must hold after every act, whoever does it and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, distance, pipeline_name, status_of
from chalicelib.kernel.trains.train import Train, TrainStatus


@dataclass
class TrainLaws:
    """What was true of a train and its snapshots before the last act."""

    ended: dict[int, SnapshotStatus] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)
    was_deployed: bool = False

    def hold(self, train: Train, snapshots: Mapping[int, Snapshot]) -> None:
        """Fail unless all laws hold. snapshots: all of the train, by id."""
        _heads_are_what_they_say(train, snapshots)
        self._what_has_ended_stays(train, snapshots)
        self._the_furthest_stage_never_moves_back(snapshots)
        assert train.is_planned or train.status is TrainStatus.ACTIVE
        assert all(pipeline_name(train, one) for one in snapshots.values())
        assert all(bool(one.pipeline) is not train.is_planned for one in snapshots.values())
        numbers = [one.number for one in snapshots.values()]
        assert len(numbers) == len(set(numbers))
        assert decode(Train, encode(Train, train)) == train
        assert all(decode(Snapshot, encode(Snapshot, one)) == one for one in snapshots.values())

    def _what_has_ended_stays(self, train: Train, snapshots: Mapping[int, Snapshot]) -> None:
        for number, snapshot in snapshots.items():
            status = status_of(train, snapshot)
            assert self.ended.get(number, status) is status
            if status is not SnapshotStatus.ACTIVE:
                self.ended[number] = status
        is_deployed = train.status is TrainStatus.DEPLOYED
        assert self.was_deployed <= is_deployed
        self.was_deployed = is_deployed

    def _the_furthest_stage_never_moves_back(self, snapshots: Mapping[int, Snapshot]) -> None:
        for number, snapshot in snapshots.items():
            now = -1 if snapshot.furthest is None else snapshot.furthest.number
            assert now >= self.reached.get(number, -1)
            self.reached[number] = now


def _heads_are_what_they_say(train: Train, snapshots: Mapping[int, Snapshot]) -> None:
    left = [one for one in snapshots.values() if status_of(train, one) is not SnapshotStatus.REJECTED]
    latest, furthest, best = train.latest, train.furthest, max(left, key=distance, default=None)
    assert (None if latest is None else latest.id) == max((one.id for one in left), default=None)
    told = None if furthest is None else (furthest.id, furthest.place)
    assert told == (None if best is None else (best.id, best.furthest))
