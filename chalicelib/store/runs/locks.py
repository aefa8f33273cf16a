"""Store locks in the table `runs`: one item each, saved by a conditional write on its version. Rules: lock_line.py."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from chalicelib.kernel.faults import Stale
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import STATE, item_of, record_of
from chalicelib.store.dynamo.saving import Save, save
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.lock_line import LockState, Taking, freed, replaced, taken
from chalicelib.use_cases.ports.locks import Holder, Locks
from slipway_formats.override import override

TRIES = 12
PAUSE_SECONDS = 0.01

T = TypeVar("T")
Step = Callable[[LockState], tuple[LockState, T]]


class StoredLocks(Locks):
    """Implement the port Locks on DynamoDB. identifier: returns a unique name for each write."""

    def __init__(self, tables: Tables, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._identifier = identifier
        self._table = tables.of(keys.RUNS)

    @override
    def take(self, lock: str, holder: Holder, now: datetime) -> Taking:
        del now  # the queue is in the order of numbers and writes
        return self._changed(lock, lambda state: taken(state, holder))

    @override
    def free(self, lock: str, holder: Holder, now: datetime) -> tuple[Holder, int] | None:
        return self._changed(lock, lambda state: freed(state, holder, now))

    @override
    def replace(self, lock: str, gone: Holder, fence: int, now: datetime) -> None:
        self._changed(lock, lambda state: (replaced(state, gone, fence, now), None))

    @override
    def holder(self, lock: str) -> Holder | None:
        return self._read(lock)[0].holder

    @override
    def line(self, lock: str) -> tuple[Holder, ...]:
        return self._read(lock)[0].waiting

    def _changed(self, lock: str, step: Step[T]) -> T:
        for attempt in range(TRIES):
            before, version = self._read(lock)
            after, answer = step(before)
            if after == before or self._wrote(lock, after, version):
                return answer
            self._table.aws.clock.sleep(PAUSE_SECONDS * (attempt + 1) * self._table.aws.clock.dice())
        raise Stale(f"lock {lock} is changing too fast")

    def _read(self, lock: str) -> tuple[LockState, int]:
        item = self._table.get(keys.lock_key(lock))
        return (record_of(LockState, item), item["version"]) if item is not None else (LockState(), 0)

    def _wrote(self, lock: str, state: LockState, version: int) -> bool:
        item = lock_item(keys.lock_key(lock), state, version + 1)
        change = Save(item=item, since=version or None, thing=f"lock {lock}", commit=self._identifier())
        try:
            save(self._tables, self._table, change)
        except Stale:
            return False
        return True


def lock_item(key: Key, state: LockState, version: int) -> Item:
    """Encode a lock as an item. Faults: TooLarge."""
    return item_of(key, LockState, state, f"lock {key.pk}", under=STATE, version=version)
