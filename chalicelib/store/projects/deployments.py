"""Store deployments in DynamoDB: the current state, and in the same transaction its history entry."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH, MILLISECOND
from chalicelib.kernel.faults import Stale, TooLarge
from chalicelib.kernel.feed.of_deployments import occurrences_of_deployment
from chalicelib.kernel.projects.cell import Cell, changed_cell
from chalicelib.kernel.projects.deployment import Change, Deployment, changed, summary
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import BODY, item_of, record_of
from chalicelib.store.dynamo.remembered import WhileUnchanged
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Table, Tables, Write
from chalicelib.store.feed.writer import FeedWriter
from chalicelib.store.projects.cells import bring_cells, cell_item, read_cells
from chalicelib.store.projects.deleting import no_place, open_place
from chalicelib.store.projects.keys import (
    DEPLOYMENT_PREFIX,
    PROJECTS,
    cell_key,
    change_key,
    deployment_key,
    deployments_partition,
    history_partition,
)
from chalicelib.store.projects.large_states import (
    LargeState,
    attributes_of,
    large_state,
    read_state,
    remove_parts,
    write_parts,
)
from chalicelib.use_cases.ports.projects import Deployments, place_of_change
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override

PAGE = 100
"""Entries of a history that are deleted at a time."""


@frozen
class StoredDeployments(Deployments):
    """Implement the port Deployments on the table `projects`. feed: writes what occurred with each change.

    known: cells by project, which only a change of a deployment changes.
    """

    tables: Tables
    feed: FeedWriter
    known: WhileUnchanged[Sequence[Cell]] = field(default_factory=lambda: WhileUnchanged(0))

    @override
    def find_deployment(self, project: str, environment: str, name: str) -> Deployment | None:
        item = self._table.get(deployment_key(project, environment, name))
        return self._deployment_of(item) if item is not None else None

    @override
    def in_environment(self, project: str, environment: str) -> Sequence[Deployment]:
        keys = (Path("pk") == deployments_partition(project, environment)) & Path("sk").startswith(DEPLOYMENT_PREFIX)
        return [self._deployment_of(item) for item in self._table.every(keys, Reading(consistent=True))]

    @override
    def commit(self, before: Deployment, change: Change, entry: AuditEntry | None) -> Deployment:
        current, past = changed(before, change)
        saved = replace(current, version=before.version + 1)
        current_item, past_item = self._items(saved, past)
        puts = (Put(self._table, current_item, on_version(before.version or None)), Put(self._table, past_item))
        cell = changed_cell(before, saved, past)
        cells = () if cell is None else (Put(self._table, cell_item(before.project, cell)),)
        place = open_place(self._table, before.project, before.environment)
        # An existing deployment blocks the deletion of its environment, so only a new one needs the check.
        writes = (*puts, *cells) if before.version else (*puts, *cells, place)
        try:
            with self.known.changing():
                is_new = self.feed.transact(
                    occurrences_of_deployment(before, saved, past),
                    lambda last: self._write_once((*writes, *last), change, entry),
                )
        except ConditionFailed as error:
            if 0 not in error.places:
                raise no_place(before.project, before.environment) from error
            raise Stale(f"deployment {before.name} has changed") from error
        if is_new:
            return saved
        return self.find_deployment(before.project, before.environment, before.name) or saved

    @override
    def cells(self, project: str, environments: Sequence[str]) -> Sequence[Cell]:
        return self.known.get(project, lambda: self._cells(project, environments)) or ()

    @override
    def as_of(self, deployment: Deployment, at: datetime) -> Change | None:
        beyond = f"{(at - EPOCH) // MILLISECOND + 1:015d}"
        keys = (Path("pk") == history_partition(deployment)) & (Path("sk") < beyond)
        found = self._table.query(keys, Reading(limit=1, backward=True, consistent=True))
        if not found.items:
            return None
        (item,) = found.items
        past: Change = record_of(Change, item)
        return replace(past, state=read_state(self._table, deployment, item) or past.state)

    @override
    def history(self, deployment: Deployment, page: Page) -> Sequence[Change]:
        keys = Path("pk") == history_partition(deployment)
        if page.after is not None:
            keys = keys & (Path("sk") < page.after)
        found = self._table.query(keys, Reading(limit=page.size, backward=True, consistent=True))
        return [record_of(Change, item) for item in found.items]

    @override
    def forget(self, deployment: Deployment) -> None:
        mine, reading = Path("pk") == history_partition(deployment), Reading(consistent=True, limit=PAGE)
        while items := self._table.query(mine, reading).items:
            changes = [change for change in (record_of(Change, item) for item in items) if change.action is not None]
            # First the markers: they are found through the history entries.
            self._table.write_many(removed=list(dict.fromkeys(change_key(change.id) for change in changes)))
            self._table.write_many(removed=[Key(str(item["pk"]), str(item["sk"])) for item in items])
        remove_parts(self._table, deployment)
        with self.known.changing():
            self._table.delete(cell_key(deployment.project, deployment.environment, deployment.name))
        unchanged = NEW | on_version(deployment.version)
        try:
            self._table.delete(deployment_key(deployment.project, deployment.environment, deployment.name), unchanged)
        except ConditionFailed as error:
            raise Stale(f"deployment {deployment.name} has changed") from error

    def _cells(self, project: str, environments: Sequence[str]) -> Sequence[Cell]:
        found = read_cells(self._table, project)
        if found is None:
            earlier = (one for environment in environments for one in self.in_environment(project, environment))
            bring_cells(self._table, project, earlier)
            found = read_cells(self._table, project) or ()
        return found

    def _items(self, deployment: Deployment, change: Change) -> tuple[Item, Item]:
        """Return the items of a deployment and its change. A state that fits into none is written before, in parts."""
        try:
            return _item(deployment, None), _history_item(deployment, change, None)
        except TooLarge:
            if deployment.state is None:
                raise
        apart = large_state(deployment.state)
        items = _item(deployment, apart), _history_item(deployment, change, apart)
        write_parts(self._table, deployment, apart)
        return items

    def _deployment_of(self, item: Item) -> Deployment:
        found: Deployment = record_of(Deployment, item)
        return replace(found, state=read_state(self._table, found, item) or found.state)

    @property
    def _table(self) -> Table:
        return self.tables.of(PROJECTS)

    def _write_once(self, writes: Sequence[Write], change: Change, entry: AuditEntry | None) -> bool:
        """Write all and the entry, or a marker for the change. Return False if that exists: it was saved before."""
        if entry is not None:
            return transact_audited(self.tables, writes, entry)
        key = change_key(change.id)
        mark = Put(self._table, {"pk": key.pk, "sk": key.sk}, NEW)
        try:
            self.tables.transact((*writes, mark), change.id)
        except ConditionFailed as error:
            if len(writes) not in error.places:
                raise
            return False
        return True


def _item(deployment: Deployment, apart: LargeState | None) -> Item:
    key = deployment_key(deployment.project, deployment.environment, deployment.name)
    held = deployment if apart is None else replace(deployment, state=None)
    more = {"version": deployment.version, **attributes_of(apart)}
    return item_of(key, Deployment, held, f"deployment {deployment.name}", under=BODY, **more)


def _history_item(deployment: Deployment, change: Change, apart: LargeState | None) -> Item:
    """Encode a change. Of a state that is stored apart it holds a summary, by which lists are made."""
    key = Key(history_partition(deployment), place_of_change(change))
    held = replace(change, state=summary(change.state)) if apart is not None and change.state is not None else change
    return item_of(key, Change, held, f"a change of deployment {deployment.name}", under=BODY, **attributes_of(apart))
