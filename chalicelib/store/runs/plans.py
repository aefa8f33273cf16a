"""Store plans: written once and never changed, so reads go through a cache in this process."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.store.dynamo.expressions import ConditionFailed
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Table
from chalicelib.store.runs.archive.archived_runs import ArchivedRuns
from chalicelib.store.runs.keys import plan_key
from chalicelib.store.runs.run_items import plan_item

MOST_CACHED = 256


class Plans:
    """The plans in a table. archived: runs that are in objects with theirs, if this installation has such."""

    def __init__(self, table: Table, archived: ArchivedRuns | None = None) -> None:
        self._table = table
        self.archived = archived
        self._cached: OrderedDict[str, Plan] = OrderedDict()
        self._lock = Lock()

    def plan(self, plan_id: str) -> Plan:
        """Return the plan. Faults: NotFound."""
        cached = self._known(plan_id)
        if cached is not None:
            return cached
        item = self._table.get(plan_key(plan_id))
        if item is None:
            raise NotFound(f"no plan {plan_id}")
        (found,) = self._read([item])
        return found

    def find_plans(self, plan_ids: Collection[str]) -> Sequence[Plan]:
        """Return those of these plans that exist, each once: the cached ones first."""
        known = {plan_id: self._known(plan_id) for plan_id in plan_ids}
        missing = [plan_key(plan_id) for plan_id, plan in known.items() if plan is None]
        items = self._table.get_many(missing, consistent=True)
        cached = [plan for plan in known.values() if plan is not None]
        return [*cached, *self._read([item for item in items if item is not None])]

    def put(self, plan: Plan) -> None:
        """Store the plan, unless its id exists. Faults: TooLarge."""
        item = plan_item(plan)
        try:
            self._table.put(item, NEW)
        except ConditionFailed:
            # Keep the existing one: a run may be using it.
            return
        self.cache(plan)

    def cache(self, plan: Plan) -> Plan:
        """Return the plan, which is stored; it is read no more."""
        with self._lock:
            self._cached[plan.id] = plan
            if len(self._cached) > MOST_CACHED:
                self._cached.popitem(last=False)
        return plan

    def _known(self, plan_id: str) -> Plan | None:
        with self._lock:
            cached = self._cached.get(plan_id)
            if cached is not None:
                self._cached.move_to_end(plan_id)
        return cached

    def _read(self, items: Sequence[Item]) -> Sequence[Plan]:
        whole = items if self.archived is None else self.archived.whole(items)
        return [self.cache(record_of(Plan, item)) for item in whole]
