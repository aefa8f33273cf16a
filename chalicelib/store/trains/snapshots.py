"""Store snapshots in DynamoDB, each in one transaction with its train, whose version guards both."""

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from functools import lru_cache
from itertools import islice

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.faults import Conflict, NotFound, Stale, Worded
from chalicelib.kernel.feed.of_runs import occurrences_of_run
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed, titled
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.store.audit.transaction import done_before, entry_writes, transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.key_parts import BY_FIRST, BY_SECOND
from chalicelib.store.dynamo.records import RECORD, LastSaved, record_of
from chalicelib.store.dynamo.saving import COMMIT, NEW, Save, is_own, on_version, save
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables, Write
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.runs.keys import RUNS
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.run_items import plan_item, run_item
from chalicelib.store.trains.items import snapshot_item, train_item, variables_puts
from chalicelib.store.trains.keys import (
    TRAINS,
    id_key,
    snapshot_key,
    snapshot_number_key,
    stage_hash,
    status_hash,
    train_key,
    train_partition,
)
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.ports.trains import SNAPSHOT, Begun, Snapshots, swept_up_to, within
from slipway_formats.frozen import frozen
from slipway_formats.override import override

MOST_KNOWN = 10_000
"""Snapshots that one process knows by how they are stored: at most 20 MB."""

OF_TRAIN = 0
"""The place of a train among the writes of its snapshot."""

BEGUN, BEGUN_OF = 0, 2
"""The places of a new run and of its train among the writes with which it begins."""


@frozen
class StoredSnapshots(Snapshots):
    """Implement the port Snapshots on the table `trains`. plans: those that this process knows. last: by train.

    feed: writes that runs began.
    """

    tables: Tables
    identifier: Callable[[], str]
    plans: Plans
    feed: FeedWriter
    last: LastSaved[Changed] = field(default_factory=lambda: LastSaved(0))

    @override
    def create(self, changed: Changed, variables: VariableSet | None, entry: AuditEntry) -> Snapshot:
        snapshot = changed.snapshot
        key = snapshot_number_key(snapshot.train, snapshot.number)
        number = Put(self._table, {**key._asdict(), SNAPSHOT: snapshot.id}, NEW)
        writes = (*self._puts(changed), number, *variables_puts(self._table, variables))
        try:
            is_new = transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            if OF_TRAIN in error.places:
                # A rival may have taken the number: with the train as it is now there is another.
                raise _stale(changed.train) from error
            raise Conflict(Worded("{} has a snapshot {} already", titled(changed.train), snapshot.number)) from error
        return snapshot if is_new else self._created_before(changed, entry)

    @override
    def save(self, changed: Changed, entry: AuditEntry | None) -> Train:
        train, snapshot = self._puts(changed)
        self.last.drop(str(changed.train.id))
        if entry is None:
            since, thing = changed.train.version, titled(changed.train)
            item = Save(item=train.item, since=since, thing=thing, commit=self.identifier(), beside=(snapshot.item,))
            save(self.tables, self._table, item)
            return self._saved(changed)
        try:
            is_new = transact_audited(self.tables, (train, snapshot), entry)
        except ConditionFailed as error:
            raise _stale(changed.train) from error
        return self._saved(changed) if is_new else self._train(changed.train)

    @override
    def begin(self, changed: Changed, begun: Begun, entries: Sequence[AuditEntry] = ()) -> bool:
        commit = self.identifier()
        self.last.drop(str(changed.train.id))
        audited = [write for entry in entries for write in entry_writes(self.tables, entry)]
        beside = (*self._puts(changed), *variables_puts(self._table, begun.variables), *audited)
        writes = (*self._begun_puts(begun, commit), *beside)
        try:
            is_new = self.feed.transact(
                occurrences_of_run(begun.plan, None, begun.run), lambda last: self._begun(writes, last, commit)
            )
        except ConditionFailed as error:
            if BEGUN_OF in error.places:
                raise _stale(changed.train) from error
            raise Conflict(f"run {begun.run.id} was asked for before") from error
        if is_new:
            self.plans.cache(begun.plan)
            self._saved(changed)
        return is_new

    @override
    def snapshot(self, train: int, number: int) -> Snapshot:
        found = self.find_snapshot(train, number)
        if found is None:
            raise NotFound(Worded("no snapshot {} in train {}", number, train))
        return found

    @override
    def find_snapshot(self, train: int, number: int) -> Snapshot | None:
        item = self._table.get(snapshot_key(train, number))
        return None if item is None else _snapshot(item)

    @override
    def last_saved(self, train: int, number: int) -> Changed | None:
        known = self.last.kept(str(train))
        return known if known is not None and known.snapshot.id == number else None

    @override
    def find_numbered(self, train: int, number: str) -> Snapshot | None:
        item = self._table.get(snapshot_number_key(train, number))
        return None if item is None else self.find_snapshot(train, int(item[SNAPSHOT]))

    @override
    def of_train(self, train: int, page: Page) -> Sequence[Snapshot]:
        ids = within(page)
        if not ids:
            return ()
        first, last = snapshot_key(train, ids.start).sk, snapshot_key(train, ids.stop - 1).sk
        keys = (Path("pk") == train_partition(train)) & Path("sk").between(first, last)
        return self._some(keys, Reading(limit=page.size, backward=True, consistent=True))

    @override
    def of_status(self, train: Train, status: SnapshotStatus, page: Page) -> Sequence[Snapshot]:
        own, swept = status_hash(train.id, status), swept_up_to(train)
        match status:
            case SnapshotStatus.ACTIVE:
                return self._listed(BY_FIRST, own, within(page, above=swept), page.size)
            case SnapshotStatus.REJECTED:
                open_before, ids = status_hash(train.id, SnapshotStatus.ACTIVE), within(page, up_to=swept)
                found = (
                    *self._listed(BY_FIRST, own, within(page), page.size),
                    *self._listed(BY_FIRST, open_before, ids, page.size),
                )
                return sorted(found, key=lambda one: one.id, reverse=True)[: page.size]
            case SnapshotStatus.DEPLOYED:
                return self._listed(BY_FIRST, own, within(page), page.size)

    @override
    def at_stage(self, train: int, stage: str, page: Page) -> Sequence[Snapshot]:
        return self._listed(BY_SECOND, stage_hash(train, stage), within(page), page.size)

    @property
    def _table(self) -> Table:
        return self.tables.of(TRAINS)

    def _puts(self, changed: Changed) -> tuple[Put, Put]:
        saved = replace(changed.train, version=changed.train.version + 1)
        train = Put(self._table, train_item(saved), on_version(changed.train.version))
        return train, Put(self._table, snapshot_item(changed.snapshot))

    def _saved(self, changed: Changed) -> Train:
        """The train as it was just saved with its snapshot."""
        train = replace(changed.train, version=changed.train.version + 1)
        self.last.keep(str(train.id), replace(changed, train=train))
        return train

    def _begun(self, writes: Sequence[Write], last: Sequence[Write], commit: str) -> bool:
        try:
            self.tables.transact((*writes, *last), commit)
        except ConditionFailed as error:
            if BEGUN not in error.places:
                raise
            return is_own(error, commit)
        return True

    def _begun_puts(self, begun: Begun, commit: str) -> tuple[Put, Put]:
        run, plan, table = begun.run, begun.plan, self.tables.of(RUNS)
        item = run_item(run, plan, due_at(plan, run))
        # Also over a plan that is there: no run has it, or this one would not be new.
        return Put(table, {**item, COMMIT: commit}, NEW), Put(table, plan_item(plan))

    def _listed(self, index: str, place: str, ids: range, size: int) -> Sequence[Snapshot]:
        if not ids:
            return ()
        of, by = ("first", "first_key") if index == BY_FIRST else ("second", "second_key")
        keys = (Path(of) == place) & Path(by).between(id_key(ids.start), id_key(ids.stop - 1))
        return self._some(keys, Reading(index=index, limit=size, backward=True))

    def _some(self, keys: Condition, reading: Reading) -> Sequence[Snapshot]:
        """The first items of a query, over as many answers as they fill."""
        found = self._table.every(keys, replace(reading, attributes=(RECORD,)))
        return [_snapshot(item) for item in islice(found, reading.limit)]

    def _created_before(self, changed: Changed, entry: AuditEntry) -> Snapshot:
        """The snapshot that this same request created."""
        known = done_before(self.tables, entry)
        return changed.snapshot if known is None else self.snapshot(changed.train.id, int(known.details[SNAPSHOT]))

    def _train(self, train: Train) -> Train:
        item = self._table.get(train_key(train.id))
        found: Train = train if item is None else record_of(Train, item)
        return found


def _stale(train: Train) -> Stale:
    return Stale(Worded("{} has changed", titled(train)))


def _snapshot(item: Item) -> Snapshot:
    return _snapshot_in(item[RECORD])


@lru_cache(maxsize=MOST_KNOWN)
def _snapshot_in(packed: bytes | str) -> Snapshot:
    """Decode a snapshot. In a list that is read again, most are as they were."""
    found: Snapshot = record_of(Snapshot, {RECORD: packed})
    return found
