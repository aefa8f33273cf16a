"""Move ended runs out of the table `runs`: all their items to one object, with stubs in their places.

The stub of a run has what lists and indexes need, and no version, so that nobody can save the run. Stubs stand where
its plans were, and one each for its jobs and its moved stage executions: a read learns from what it reads anyway that
there is more in the object.
"""

from collections.abc import Iterable, Iterator, Sequence

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Stale
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.saving import on_version
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.runs import keys
from chalicelib.store.runs.archive.run_objects import RunObjects
from chalicelib.store.runs.run_items import run_of

ARCHIVED = "archived"
"""Of a stub: the run in whose object the item is."""

LISTED = ("run", "definition", "project", "listing", "summary", "due_shard", "due_at")
"""What the stub of a run keeps. The due time goes last: until then, a sweep finds what a crash left undone."""


class ArchivedRuns:
    """The runs of a table that are in objects."""

    def __init__(self, table: Table, objects: RunObjects) -> None:
        self._table = table
        self._objects = objects

    def whole(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items, and in place of a stub what stood there. Objects are read side by side."""
        objects = self._objects.items_of({str(item[ARCHIVED]) for item in items if ARCHIVED in item})
        return [
            next(one for one in objects[str(item[ARCHIVED])] if _key_of(one) == _key_of(item))
            if ARCHIVED in item
            else item
            for item in items
        ]

    def expanded(self, found: Iterable[Item], prefix: str) -> Iterator[Item]:
        """Yield the items, and in place of a stub those of the object whose sort keys begin so."""
        for item in found:
            if ARCHIVED not in item:
                yield item
            else:
                yield from (one for one in self._objects.run_items(str(item[ARCHIVED])) if one["sk"].startswith(prefix))

    def archived_item(self, key: Key, run_id: str) -> Item | None:
        """Return what was at a key where there is nothing, if the run to which it belonged is archived."""
        if not self.is_archived(run_id):
            return None
        return next((one for one in self._objects.run_items(run_id) if _key_of(one) == key), None)

    def is_archived(self, run_id: str) -> bool:
        """Return True if the run is archived."""
        return ARCHIVED in (self._table.get(keys.run_key(run_id)) or {})

    def move_out(self, run_id: str) -> None:
        """Move a run that has ended; idempotent, and nothing for any other. Faults: Stale if it changes meanwhile."""
        head = self._table.get(keys.run_key(run_id))
        if head is None or not str(head.get("due_shard", "")).startswith(keys.ENDED):
            return
        if ARCHIVED not in head:
            items = self._items_of(run_id, run_of(head).plan)
            if any("due_shard" in one for one in items if _key_of(one) != _key_of(head)):
                # A job of it still has its log to seal. The next sweep asks again.
                return
            self._objects.write_run(run_id, items)
            self._leave_stub(head)
        self._take_out(run_id)

    def remove_object(self, run_id: str) -> None:
        """Delete the object of a run."""
        self._objects.delete_run(run_id)

    def _items_of(self, run_id: str, plan_id: str) -> Sequence[Item]:
        own = self._table.every(Path("pk") == keys.run_key(run_id).pk, Reading(consistent=True))
        plans = self._table.get_many(list(dict.fromkeys(map(keys.plan_key, (run_id, plan_id)))), consistent=True)
        return [*own, *(plan for plan in plans if plan is not None)]

    def _leave_stub(self, head: Item) -> None:
        kept = {name: head[name] for name in LISTED if name in head}
        stub = {**_key_of(head)._asdict(), **kept, ARCHIVED: str(head["run"])}
        try:
            self._table.put(stub, on_version(int(head["version"])))
        except ConditionFailed as error:
            raise Stale(f"run {head['run']} has changed since version {head['version']}") from error

    def _take_out(self, run_id: str) -> None:
        """Take the other items of an archived run out of the table, and the run out of what is due."""
        place = keys.run_key(run_id)
        gone = [key for key in map(_key_of, self._objects.run_items(run_id)) if key != place]
        stubs = set(map(_stub_place, gone))
        puts = [{**key._asdict(), ARCHIVED: run_id} for key in sorted(stubs)]
        self._table.write_many(puts=puts, removed=[key for key in gone if key not in stubs])
        try:
            actions = (Path("due_shard").remove(), Path("due_at").remove())
            self._table.update(place, actions, Path(ARCHIVED).exists())
        except ConditionFailed:
            # It was removed with its project meanwhile.
            return


def _key_of(item: Item) -> Key:
    return Key(str(item["pk"]), str(item["sk"]))


def _stub_place(key: Key) -> Key:
    """Return where the stub of an item stands: in its place for a plan, before the first for jobs and executions."""
    if key.sk.startswith(keys.JOB_PREFIX):
        return Key(key.pk, f"{key.sk.partition('.')[0]}.")
    if key.sk.startswith(keys.EXECUTION_PREFIX):
        return Key(key.pk, f"{keys.EXECUTION_PREFIX}{0:06d}")
    return key
