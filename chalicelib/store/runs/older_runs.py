"""Bring runs of older versions into the indexes of lists and of what has ended; they change no more by themselves.

Bit by bit, newest first, for the project whose runs somebody lists, or a sweep archives. A marker keeps how far that
is; once it is done, each process asks for it once.
"""

from collections.abc import Sequence
from threading import Lock

from pynamodb.expressions.operand import Path

from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.saving import on_version
from chalicelib.store.dynamo.tables import Reading, Table
from chalicelib.store.runs import keys
from chalicelib.store.runs.archive.archived_runs import ARCHIVED
from chalicelib.store.runs.plans import Plans
from chalicelib.store.runs.run_items import due_marks, listed, run_of

MOST_AT_ONCE = 200
"""Runs of a kind that one request brings in: a second's work."""

LISTING = "listing"
FOUND_BY = ("unfinished", "due_shard", ARCHIVED)
"""What each run has at least one of: it has not ended, is due or to be archived, or it is archived."""

DONE = "-"
"""Below every run id."""


class OlderRuns:
    """The runs in a table that are not yet in the index."""

    def __init__(self, table: Table, plans: Plans) -> None:
        self._table = table
        self._plans = plans
        self._done: set[str] = set()
        self._lock = Lock()

    def enlist(self, project: str) -> bool:
        """Bring in the next runs of the project, if there are any left; return True once there are none."""
        if project in self._done:
            return True
        marker = self._table.get(keys.listing_key(project)) or keys.listing_key(project)._asdict()
        before = {kind: str(marker.get(kind.value, "")) for kind in DefinitionKind}
        after = {kind: self._enlisted(project, kind, place) for kind, place in before.items() if place != DONE}
        if after:
            self._table.put({**marker, **{kind.value: place for kind, place in after.items()}})
        if set(after.values()) - {DONE}:
            return False
        with self._lock:
            self._done.add(project)
        return True

    def _enlisted(self, project: str, kind: DefinitionKind, before: str) -> str:
        """Bring in the runs of a kind before a place, and return the place of the last; DONE after the oldest."""
        wanted = Path("project") == keys.project_hash(project, kind)
        if before:
            wanted &= Path("run") < before
        found = self._table.query(wanted, Reading(index="by_project", limit=MOST_AT_ONCE, backward=True)).items
        self._bring(found)
        return str(found[-1]["run"]) if len(found) == MOST_AT_ONCE else DONE

    def _bring(self, found: Sequence[Item]) -> None:
        for item in self._table.get_many([Key(one["pk"], one["sk"]) for one in found], consistent=True):
            if item is not None and (LISTING not in item or not any(mark in item for mark in FOUND_BY)):
                self._enter(item)

    def _enter(self, item: Item) -> None:
        run = run_of(item)
        plan = self._plans.plan(run.plan)
        entered = {**listed(run, plan), **due_marks(run, due_at(plan, run))}
        try:
            actions = [Path(name).set(value) for name, value in entered.items()]
            self._table.update(Key(item["pk"], item["sk"]), actions, on_version(item["version"]))
        except ConditionFailed:
            # It was saved meanwhile, and so has entered by itself; or it was removed.
            return
